using System.Text.Json;
using Rivet.Live.Tests.Live;
using Rivet.Live.Tests.Support;
using Xunit;
using Xunit.Abstractions;

namespace Rivet.Live.Tests.Nvsim;

/// <summary>What happens to renditions on NVIDIA cards that fail, in a driver that says it as NVIDIA's does.</summary>
[Collection(LiveTests.Name)]
public sealed class FailoverTests(ITestOutputHelper output)
{
    private const int Seconds = 6;

    [Theory]
    [InlineData("gpu=CARD do=lost")]
    [InlineData("gpu=CARD op=encode do=hang")]
    public async Task CardThatIsLostOrHangs_AnotherGoesOnAndTheCardComesBack(string rule)
    {
        using NvsimMachine machine = await NvsimMachine.BuildAsync("t4*2");
        await using NvsimServer server = await NvsimServer.StartAsync(machine, output, [120]);
        await using FfmpegPublisher publisher = server.Publish(Seconds);
        await server.UntilRenditionAsync("120p", static stats => stats.GetProperty("framesEncoded").GetInt64() > NvsimServer.FrameRate, "a second is encoded");
        string device = (await server.RenditionAsync("120p")).GetProperty("device").GetString()!;
        int card = machine.Events("init").Last(static line => line.GetProperty("height").GetInt32() == 120).GetProperty("gpu").GetInt32();
        machine.Control(rule.Replace("CARD", $"{card}", StringComparison.Ordinal));
        await server.UntilRenditionAsync("120p", stats => stats.GetProperty("device").GetString() != device, "another device encodes it");
        machine.Control("");

        Assert.Equal(0, await publisher.WaitForExitAsync());
        await server.RequireWholeAsync("120p", Seconds * NvsimServer.FrameRate);
        JsonElement stats = await server.RenditionAsync("120p");
        Assert.Equal((1, 1), (stats.GetProperty("failovers").GetInt32(), stats.GetProperty("chunksRequeued").GetInt32()));
        await Patience.UntilAsync(
            async () => (await server.StatsAsync()).GetProperty("devices").EnumerateArray().All(static one => one.GetProperty("healthy").GetBoolean()),
            "the card is tried again and taken back");
        Assert.Empty(machine.Events("violation"));
    }

    [Fact]
    public async Task CardWithOneSession_TwoRenditionsShareIt()
    {
        using NvsimMachine machine = await NvsimMachine.BuildAsync("t4", ("NVSIM_GPU_SESSIONS", "1"));
        await using NvsimServer server = await NvsimServer.StartAsync(machine, output, [120, 90]);
        await using FfmpegPublisher publisher = server.Publish(Seconds);

        Assert.Equal(0, await publisher.WaitForExitAsync());
        await server.RequireWholeAsync("120p", Seconds * NvsimServer.FrameRate);
        await server.RequireWholeAsync("90p", Seconds * NvsimServer.FrameRate);
        Assert.Equal(1, (await server.StatsAsync()).GetProperty("devices")[1].GetProperty("slots").GetInt32());
        Assert.Contains(machine.Events("refused"), static line => line.GetProperty("status").GetString() == "OUT_OF_MEMORY");
        Assert.Empty(machine.Events("violation"));
    }

    [Theory]
    [InlineData("h200", "13.0")]
    [InlineData("t4", "11.0")]
    public async Task CardThatDoesNotEncode_OrAnOldDriver_TheCpuDoes(string card, string newest)
    {
        using NvsimMachine machine = await NvsimMachine.BuildAsync(card, ("NVSIM_MAX_API", newest));
        await using NvsimServer server = await NvsimServer.StartAsync(machine, output, [90]);
        await using FfmpegPublisher publisher = server.Publish(2);

        Assert.Equal(0, await publisher.WaitForExitAsync());
        await server.RequireWholeAsync("90p", 2 * NvsimServer.FrameRate);
        Assert.Equal("cpu", (await server.RenditionAsync("90p")).GetProperty("device").GetString());
        Assert.Empty(machine.Events("violation"));
    }
}
