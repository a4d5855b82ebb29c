using Microsoft.Extensions.Logging.Abstractions;
using Rivet.Live.Bench.Ladder;
using Rivet.Live.Bench.Measuring;
using Rivet.Live.Core.Devices;
using Rivet.Live.Core.Encoding;
using Rivet.Live.Core.Media;

namespace Rivet.Live.Bench.Scheduling;

/// <summary>What leases and chunks cost beside one encoder that stays open, and what more devices bring.</summary>
internal static class SchedulingBench
{
    private const int ScalingSeconds = 30;

    private static readonly int[] DeviceCounts = [1, 2, 4];

    public static async Task<SchedulingReport> RunAsync(BenchOptions options, string folder)
    {
        int seconds = options.Number("seconds", 10);
        int runs = options.Number("runs", 5);
        Codecs codecs = Codecs.Load(NullLoggerFactory.Instance, TimeProvider.System);
        await Console.Error.WriteLineAsync($"Making {seconds} s of 1080p30");
        string source = await LadderSource.MakeAsync(folder, seconds);
        return new SchedulingReport(
            await MeasureOverheadAsync(codecs, source, runs), await JudgeSeamsAsync(codecs, source, folder), await MeasureScalingAsync(codecs, folder, runs));
    }

    private static async Task<IReadOnlyList<OverheadSide>> MeasureOverheadAsync(Codecs codecs, string source, int runs)
    {
        OverheadSide[] sides = [new("one encoder, always open", []), new("leases, nobody waits", []), new("leases, somebody waits at every chunk", [])];
        using SourceMedia media = await SourceMedia.ReadAsync(source);
        for (int run = 0; run <= runs; run++)
        {
            await Console.Error.WriteLineAsync(run == 0 ? "Warming up" : $"Overhead, run {run} of {runs}");
            double[] seconds =
            [
                await OneEncoder.RunAsync(codecs, media, SchedulingPlan.Single, writeTo: null),
                await RunAloneAsync(codecs, media, isContested: false, writeTo: null),
                await RunAloneAsync(codecs, media, isContested: true, writeTo: null),
            ];
            for (int side = 0; run > 0 && side < sides.Length; side++)
            {
                sides[side].PicturesPerSecond.Add(media.Pictures / seconds[side]);
            }
        }

        return sides;
    }

    private static async Task<double> RunAloneAsync(Codecs codecs, SourceMedia media, bool isContested, string? writeTo)
    {
        await using DevicePool devices = DevicePool.Open(
            new DevicePlan { SlotsPerDevice = 1 }, codecs, presetToMeasure: null, TimeProvider.System, NullLogger<DevicePool>.Instance);
        using CancellationTokenSource done = new();
        Task contesting = isContested ? Task.Run(() => ContestAsync(devices, done.Token)) : Task.CompletedTask;
        double seconds = await LadderPass.RunAsync(codecs, media, [SchedulingPlan.Single], devices, helps: false, writeTo);
        await done.CancelAsync();
        await contesting;
        return seconds;
    }

    /// <summary>Somebody who always waits for the device, and gives it back at once.</summary>
    private static async Task ContestAsync(DevicePool devices, CancellationToken done)
    {
        EncoderNeed need = new(BroadcastId.Parse("bench/other"), "other", VideoCodec.H264, BitDepth: 8, PixelsPerSecond: 1);
        while (!done.IsCancellationRequested)
        {
            using LeaseClaim claim = devices.Claim(need);
            await Task.WhenAny(claim.Decided, Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, done));
        }
    }

    private static async Task<SeamQuality> JudgeSeamsAsync(Codecs codecs, string source, string folder)
    {
        await Console.Error.WriteLineAsync("Comparing pictures at seams");
        string open = Directory.CreateDirectory(Path.Combine(folder, "open")).FullName;
        string chunked = Directory.CreateDirectory(Path.Combine(folder, "chunked")).FullName;
        using SourceMedia media = await SourceMedia.ReadAsync(source);
        await OneEncoder.RunAsync(codecs, media, SchedulingPlan.Single, open);
        await RunAloneAsync(codecs, media, isContested: true, chunked);
        string file = SchedulingPlan.Single.Name + ".mp4";
        return new SeamQuality(
            await PictureQuality.MeasureAsync(Path.Combine(open, file), source, SchedulingPlan.SingleSize, folder),
            await PictureQuality.MeasureAsync(Path.Combine(chunked, file), source, SchedulingPlan.SingleSize, folder));
    }

    private static async Task<IReadOnlyList<ScalingRow>> MeasureScalingAsync(Codecs codecs, string folder, int runs)
    {
        string source = await SchedulingPlan.MakeSmallSourceAsync(folder, ScalingSeconds);
        using SourceMedia media = await SourceMedia.ReadAsync(source);
        ScalingRow[] rows = [.. DeviceCounts.Select(static count => new ScalingRow(count, []))];
        for (int run = 1; run <= runs; run++)
        {
            foreach (ScalingRow row in rows)
            {
                await Console.Error.WriteLineAsync($"Scaling, run {run} of {runs}, {row.Devices} devices");
                MachineLoad load = new();
                double cpuBefore = ProcessFigures.CpuSeconds(Environment.ProcessId);
                double seconds = await RunOnDevicesAsync(codecs, media, row.Devices);
                double cpu = ProcessFigures.CpuSeconds(Environment.ProcessId) - cpuBefore;
                row.Runs.Add(new ScalingRun(media.Seconds * SchedulingPlan.Five.Count / seconds, cpu / seconds, load.OthersCores(cpu)));
            }
        }

        return rows;
    }

    private static async Task<double> RunOnDevicesAsync(Codecs codecs, SourceMedia media, int count)
    {
        DevicePlan plan = new()
        {
            Policy = new DevicePolicy(Index: null, SchedulingPlan.Vendor),
            Simulated = [.. Enumerable.Range(0, count).Select(static _ =>
            {
                SimulatedFaults faults = new();
                faults.Slow(SchedulingPlan.DeviceSpeed);
                return new SimulatedDevice(SchedulingPlan.Vendor, Slots: 1, faults);
            })],
        };
        await using DevicePool devices = DevicePool.Open(plan, codecs, presetToMeasure: null, TimeProvider.System, NullLogger<DevicePool>.Instance);
        return await LadderPass.RunAsync(codecs, media, SchedulingPlan.Five, devices, helps: true, writeTo: null);
    }
}
