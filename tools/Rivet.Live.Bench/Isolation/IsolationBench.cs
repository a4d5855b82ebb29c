using Microsoft.Extensions.Logging.Abstractions;
using Rivet.Live.Bench.Ladder;
using Rivet.Live.Bench.Publishing;
using Rivet.Live.Bench.Scheduling;
using Rivet.Live.Core.Buffers;
using Rivet.Live.Core.Devices;
using Rivet.Live.Core.Encoding;
using Rivet.Live.Core.Isolation;

namespace Rivet.Live.Bench.Isolation;

/// <summary>What a ladder in a process of its own costs beside the same ladder in the server's: throughput, latency, memory.</summary>
internal static class IsolationBench
{
    /// <summary>A child compiles its code in its first seconds, once for each broadcast; a server has compiled some of it when it measured the CPU.</summary>
    private const int WarmUpSeconds = 10;

    /// <summary>What stats remember.</summary>
    private const int MinuteSeconds = 60;

    /// <summary>The publisher must not come to its end before stats are read.</summary>
    private const int SpareSeconds = 5;

    public static async Task<IsolationCosts> RunAsync(BenchOptions options, string folder)
    {
        int seconds = options.Number("seconds", 40);
        int runs = options.Number("runs", 5);
        return new IsolationCosts(await MeasureThroughputAsync(folder, seconds, runs), await MeasureServersAsync(folder, runs));
    }

    /// <summary>The ladder as fast as it goes: seconds of media per second, here and in a child by turns.</summary>
    private static async Task<IReadOnlyList<ThroughputRun>> MeasureThroughputAsync(string folder, int seconds, int runs)
    {
        Codecs codecs = Codecs.Load(NullLoggerFactory.Instance, TimeProvider.System);
        await Console.Error.WriteLineAsync($"Making {seconds} s of 1080p30");
        using SourceMedia media = await SourceMedia.ReadAsync(await LadderSource.MakeAsync(folder, seconds));
        IsolationPlan plan = new("dotnet", [ServerUnderTest.FindServer()], BytesMax: 4L << 30);
        await using ChildLauncher launcher = new(plan, new PayloadPool(), NullLoggerFactory.Instance);
        List<ThroughputRun> measured = [];
        for (int run = 0; run <= runs; run++)
        {
            await Console.Error.WriteLineAsync(run == 0 ? "Warming up" : $"Throughput, run {run} of {runs}");
            double here = await PassAsync(codecs, media, launcher: null);
            double there = await PassAsync(codecs, media, launcher);
            if (run > 0)
            {
                ThroughputRun pair = new((media.Seconds - WarmUpSeconds) / here, (media.Seconds - WarmUpSeconds) / there);
                await Console.Error.WriteLineAsync($"  in-process {pair.InProcess:0.00}, process {pair.Isolated:0.00} s of media per second");
                measured.Add(pair);
            }
        }

        return measured;
    }

    private static async Task<double> PassAsync(Codecs codecs, SourceMedia media, ChildLauncher? launcher)
    {
        DevicePlan plan = new() { BoundsWork = false };
        await using DevicePool devices = DevicePool.Open(plan, codecs, presetToMeasure: null, TimeProvider.System, NullLogger<DevicePool>.Instance);
        Action? prepareThread = launcher is null ? Codecs.PrepareThread : null;
        return await LadderPass.RunAsync(codecs, media, LadderPlan.Renditions, devices, helps: false, writeTo: null, launcher, prepareThread, WarmUpSeconds);
    }

    /// <summary>A server of each kind with a broadcast in real time, by turns.</summary>
    private static async Task<IReadOnlyList<ServerRun>> MeasureServersAsync(string folder, int runs)
    {
        TimeSpan length = TimeSpan.FromSeconds(WarmUpSeconds + MinuteSeconds);
        PublisherSource source = await PublisherSource.MakeAsync(folder, WarmUpSeconds + MinuteSeconds + SpareSeconds, PublisherMedia.Usual);
        List<ServerRun> measured = [];
        for (int run = 1; run <= runs; run++)
        {
            await Console.Error.WriteLineAsync($"Latency and memory, run {run} of {runs}");
            measured.Add(new ServerRun(await ServerPass.RunAsync(source, length, isIsolated: false), await ServerPass.RunAsync(source, length, isIsolated: true)));
        }

        return measured;
    }
}
