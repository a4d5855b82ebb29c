using Rivet.Live.Tests.Live;
using Rivet.Live.Tests.Support;
using Xunit;
using Xunit.Abstractions;

namespace Rivet.Live.Tests.Nvsim;

/// <summary>Ladders on simulated NVIDIA cards, through libavcodec, whose NVENC wrapper talks to the driver as it does to a real one, and without it.</summary>
[Collection(LiveTests.Name)]
public sealed class LadderTests(ITestOutputHelper output)
{
    private const int Seconds = 3;

    private static readonly int[] Heights = [180, 120, 90];

    [Theory]
    [InlineData("libavcodec", "t4*2", "h264 hevc", "{0}_nvenc")]
    [InlineData("direct", "l4*2", "h264 hevc av1", "nvenc-{0}")]
    public async Task LaddersOfAllCodecs_OnTwoCards_AreWholeAndBreakNoRuleOfTheDriver(string access, string cards, string codecs, string encoder)
    {
        using NvsimMachine machine = await NvsimMachine.BuildAsync(cards);
        (string Name, int Height, string Codec)[] rungs = [.. codecs.Split(' ').SelectMany(static codec => Heights.Select(height => ($"{height}p-{codec}", height, codec)))];
        IEnumerable<string> ladder = rungs.SelectMany(static (rung, index) => (string[])
        [
            $"--Ladder:Renditions:{index}:Name={rung.Name}",
            $"--Ladder:Renditions:{index}:Height={rung.Height}",
            $"--Ladder:Renditions:{index}:VideoBitrateBps={rung.Height * 1500}",
            $"--Ladder:Renditions:{index}:Codec={rung.Codec}",
        ]);

        // No card has room for all.
        await using (NvsimServer server = await NvsimServer.StartAsync(machine, output, [], [$"--Encoding:Nvenc={access}", $"--Encoding:SlotsPerDevice={rungs.Length - 2}", .. ladder]))
        {
            await using FfmpegPublisher publisher = server.Publish(Seconds);
            foreach ((string name, _, string codec) in rungs)
            {
                await server.UntilRenditionAsync(name, static stats => stats.GetProperty("framesEncoded").GetInt64() > 0, "it is encoded");
                Assert.Equal(encoder.Replace("{0}", codec, StringComparison.Ordinal), (await server.RenditionAsync(name)).GetProperty("encoder").GetString());
            }

            Assert.Equal(0, await publisher.WaitForExitAsync());
            foreach ((string name, _, _) in rungs)
            {
                await server.RequireWholeAsync(name);
            }

            await server.StopAsync();
        }

        machine.RequireNoViolation();

        // Both cards had renditions of the broadcast, beside what they were tried with.
        Assert.Equal([0, 1], machine.Events("init")
            .Where(static line => line.GetProperty("height").GetInt32() <= Heights[0])
            .Select(static line => line.GetProperty("gpu").GetInt32()).Distinct().Order());
    }
}
