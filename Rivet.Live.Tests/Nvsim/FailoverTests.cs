using System.Globalization;
using System.Text.Json;
using Rivet.Live.Tests.Stats;
using Rivet.Live.Tests.Support;
using Xunit;
using Xunit.Abstractions;

namespace Rivet.Live.Tests.Nvsim;

/// <summary>What happens to renditions on NVIDIA cards that fail, in a driver that says it as NVIDIA's does.</summary>
public sealed class FailoverTests(ITestOutputHelper output)
{
    /// <summary>What the driver does to an encoder that runs, as the simulator's rules.</summary>
    private static readonly string[] Faults = ["do=lost", "op=encode do=hang", "op=encode do=err:ENCODER_BUSY", "op=encode do=empty"];

    [Fact]
    public async Task CardsThatFailOneAfterTheOther_AnotherGoesOnAndTheyComeBack()
    {
        using NvsimMachine machine = await NvsimMachine.BuildAsync("t4*2");
        await using NvsimServer server = await NvsimServer.StartAsync(machine, output, [90], "--Encoding:Nvenc=libavcodec");
        await using EndlessBroadcast broadcast = server.PublishEndless();
        foreach (string fault in Faults)
        {
            await FailAsync(server, machine, fault);
            machine.Control("");
        }

        await OnACardAsync(server);
        await broadcast.EndAsync();
        await server.RequireWholeAsync("90p");
        JsonElement stats = await server.RenditionAsync("90p");
        Assert.InRange(stats.GetProperty("chunksRequeued").GetInt32(), Faults.Length, int.MaxValue);
        Assert.Equal(0, stats.GetProperty("panics").GetInt32());
        await UntilHealthyAsync(server);
        await server.StopAsync();
        machine.RequireNoViolation();
    }

    /// <summary>Directly, with the ladder in a child: cards are lost, hang and crash whoever uses them, a child that tries one again too.</summary>
    [Fact]
    public async Task DriverThatCrashes_CostsChildrenAndNoPicture()
    {
        using NvsimMachine machine = await NvsimMachine.BuildAsync("t4*2");
        await using NvsimServer server = await NvsimServer.StartAsync(machine, output, [90], "--Encoding:Nvenc=direct", "--Encoding:Isolation=process");
        await using EndlessBroadcast broadcast = server.PublishEndless();
        string card = await FailAsync(server, machine, "do=lost");
        machine.Control($"{card} op=open do=segv");
        await Patience.UntilAsync(() => Task.FromResult(Crashes(machine) == 1), "a child that tries the card crashes");
        machine.Control("");
        await FailAsync(server, machine, "op=lock do=hang");
        machine.Control("");
        await UntilHealthyAsync(server);
        await OnACardAsync(server);
        Assert.Equal(0, await ChildrenLostAsync(server));
        AssertStages((await server.RenditionAsync("90p")).GetProperty("stages"));

        machine.Control("op=encode nth=9 do=segv");
        await Patience.UntilAsync(async () => await ChildrenLostAsync(server) > 0, "the child that encodes crashes");
        machine.Control("");
        await OnACardAsync(server);
        Assert.Equal(Crashes(machine), 1 + await ChildrenLostAsync(server));
        FieldsSeen seen = new();
        seen.LookAtBroadcast(await server.StatsAsync("/live/a"));
        Assert.Empty(seen.Untold(FieldsOf.Children));
        await broadcast.EndAsync();
        await server.RequireWholeAsync("90p");
        await server.StopAsync();
        Assert.Empty(machine.Events("violation"));
    }

    [Fact]
    public async Task DriverThatCrashesWhileItIsSearchedFor_CostsAChildAndNotTheServer()
    {
        using NvsimMachine machine = await NvsimMachine.BuildAsync("t4", ("NVSIM_FAULTS", "op=open do=segv"));
        await using ServerProcess server = ServerProcess.Start(["--urls=http://127.0.0.1:0", "--Encoding:Isolation=process"], machine.Environment);
        await server.WaitUntilReadyAsync();
        await server.SendTerminateAsync();

        Assert.Equal(0, await server.WaitForExitAsync());
        Assert.Equal(1, Crashes(machine));
        Assert.Contains("left alone until the next start: the child that searched for them is gone: it ended with exit code 139", server.Errors, StringComparison.Ordinal);
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
        JsonElement stats = await server.StatsAsync();
        Assert.Equal(1, stats.GetProperty("devices")[1].GetProperty("slots").GetInt32());
        FieldsSeen seen = new();
        seen.Look(stats);
        Assert.Empty(seen.Untold(FieldsOf.OneSlot));
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

    /// <summary>Has the card at work fail and waits until the rendition is encoded elsewhere.</summary>
    /// <returns>The card, as a rule names it.</returns>
    private static async Task<string> FailAsync(NvsimServer server, NvsimMachine machine, string fault)
    {
        // The CPU's draft has another profile: whoever has to go on with it does not come back.
        await UntilHealthyAsync(server);
        string device = await OnACardAsync(server);
        string card = $"gpu={CardOf(device)}";
        machine.Control($"{card} {fault}");
        await server.UntilRenditionAsync("90p", stats => DeviceOf(stats) != device, $"it is encoded elsewhere after '{fault}' on {device}");
        return card;
    }

    /// <summary>A part's moments in the child and those in the server are of one clock: none comes before another, and each stage is a piece of the whole.</summary>
    private static void AssertStages(JsonElement stages)
    {
        string[] pieces = ["receive", "decode", "encode", "package", "list"];
        double[][] of = [.. pieces.Append("firstByteToPlaylist").Select(stage => PercentilesOf(stages, stage))];
        Assert.All(of, static stage => Assert.True(stage[0] >= 0, $"{stage[0]} ms"));
        Assert.All(of[..^1], stage => Assert.All(stage.Zip(of[^1]), static pair => Assert.True(pair.First <= pair.Second, $"{pair.First} of {pair.Second} ms")));
        Assert.True(of[1][2] > 0 && of[2][2] > 0, "it is decoded and encoded in no time");
    }

    private static double[] PercentilesOf(JsonElement stages, string stage) =>
        [.. stages.GetProperty($"{stage}Milliseconds").EnumerateObject().Select(static percentile => percentile.Value.GetDouble())];

    private static int Crashes(NvsimMachine machine) =>
        machine.Events("fault").Count(static line => line.GetProperty("rule").GetString()!.Contains("segv", StringComparison.Ordinal));

    private static async Task<int> ChildrenLostAsync(NvsimServer server) =>
        (await server.StatsAsync("/live/a")).GetProperty("isolation").GetProperty("restarts").GetInt32();

    private static Task UntilHealthyAsync(NvsimServer server) => Patience.UntilAsync(
        async () => (await server.StatsAsync()).GetProperty("devices").EnumerateArray().All(static device => device.GetProperty("healthy").GetBoolean()),
        "the cards that failed are taken back");

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
