using Rivet.Live.Tests.Live;
using Rivet.Live.Tests.Support;
using Xunit;
using Xunit.Abstractions;

namespace Rivet.Live.Tests.Nvsim;

/// <summary>Whole ladders on simulated NVIDIA cards, through libavcodec, whose NVENC wrapper talks to the driver as it does to a real one, and without it.</summary>
[Collection(LiveTests.Name)]
public sealed class LadderTests(ITestOutputHelper output)
{
    private const int Seconds = 3;

    [Theory]
    [InlineData("h264", "libavcodec", "h264_nvenc")]
    [InlineData("hevc", "libavcodec", "hevc_nvenc")]
    [InlineData("h264", "direct", "nvenc-h264")]
    [InlineData("hevc", "direct", "nvenc-hevc")]
    [InlineData("av1", "direct", "nvenc-av1")]
    public async Task Ladder_OnTwoCards_IsWholeAndBreaksNoRuleOfTheDriver(string codec, string access, string encoder)
    {
        using NvsimMachine machine = await NvsimMachine.BuildAsync(codec == "av1" ? "l4*2" : "t4*2");
        int[] heights = [180, 120, 90];
        await using (NvsimServer server = await NvsimServer.StartAsync(machine, output, heights, $"--Encoding:Codec={codec}", $"--Encoding:Nvenc={access}", "--Encoding:SlotsPerDevice=2"))
        {
            await using FfmpegPublisher publisher = server.Publish(Seconds);
            foreach (int height in heights)
            {
                await server.UntilRenditionAsync($"{height}p", static stats => stats.GetProperty("framesEncoded").GetInt64() > 0, "it is encoded");
                Assert.Equal(encoder, (await server.RenditionAsync($"{height}p")).GetProperty("encoder").GetString());
            }

            Assert.Equal(0, await publisher.WaitForExitAsync());
            foreach (int height in heights)
            {
                await server.RequireWholeAsync($"{height}p");
            }

            await server.StopAsync();
        }

        machine.RequireNoViolation();

        // Both cards had renditions of the broadcast, beside what they were tried with.
        Assert.Equal([0, 1], machine.Events("init")
            .Where(line => line.GetProperty("height").GetInt32() <= heights[0] && line.GetProperty("codec").GetString() == codec)
            .Select(static line => line.GetProperty("gpu").GetInt32()).Distinct().Order());
    }
}
