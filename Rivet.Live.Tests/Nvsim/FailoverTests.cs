using System.Globalization;
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
    [Theory]
    [InlineData("do=lost")]
    [InlineData("op=encode do=hang")]
    public async Task CardThatIsLostOrHangs_AnotherGoesOnAndTheCardComesBack(string fault)
    {
        using NvsimMachine machine = await NvsimMachine.BuildAsync("t4*2");
        await using NvsimServer server = await NvsimServer.StartAsync(machine, output, [90]);
        await using EndlessBroadcast broadcast = server.PublishEndless();
        string device = await OnACardAsync(server);
        machine.Control($"gpu={CardOf(device)} {fault}");
        await server.UntilRenditionAsync("90p", stats => DeviceOf(stats) != device, $"it is encoded elsewhere after '{fault}' on {device}");
        machine.Control("");
        await OnACardAsync(server);
        await broadcast.EndAsync();

        await server.RequireWholeAsync("90p");
        JsonElement stats = await server.RenditionAsync("90p");
        Assert.InRange(stats.GetProperty("failovers").GetInt32(), 1, int.MaxValue);
        Assert.Equal(0, stats.GetProperty("panics").GetInt32());
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
        await using FfmpegPublisher publisher = server.Publish(4);

        Assert.Equal(0, await publisher.WaitForExitAsync());
        await server.RequireWholeAsync("120p");
        await server.RequireWholeAsync("90p");
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
        await using FfmpegPublisher publisher = server.Publish(1);

        Assert.Equal(0, await publisher.WaitForExitAsync());
        await server.RequireWholeAsync("90p");
        Assert.Equal("cpu", (await server.RenditionAsync("90p")).GetProperty("device").GetString());
        Assert.Empty(machine.Events("violation"));
    }

    private static string DeviceOf(JsonElement rendition) => rendition.GetProperty("device").GetString()!;

    /// <summary>The simulator's number of a device: ours begin with the CPU.</summary>
    private static int CardOf(string device) => int.Parse(device["gpu".Length..], CultureInfo.InvariantCulture) - 1;

    /// <summary>Waits until a card has encoded some of the broadcast, and tells which.</summary>
    private static async Task<string> OnACardAsync(NvsimServer server)
    {
        string device = "";
        await server.UntilRenditionAsync(
            "90p",
            stats =>
            {
                device = stats.TryGetProperty("device", out JsonElement found) ? found.GetString()! : "";
                return device.StartsWith("gpu", StringComparison.Ordinal);
            },
            "a card encodes it");
        long encoded = (await server.RenditionAsync("90p")).GetProperty("framesEncoded").GetInt64();
        await server.UntilRenditionAsync("90p", stats => stats.GetProperty("framesEncoded").GetInt64() > encoded + 5, "the card goes on");
        return device;
    }
}
