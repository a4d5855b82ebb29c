using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using Rivet.Live.Bench.Ladder;
using Rivet.Live.Bench.Measuring;
using Rivet.Live.Bench.Publishing;
using Rivet.Live.Bench.Scheduling;
using Rivet.Live.Core.Broadcast;
using Rivet.Live.Core.Buffers;
using Rivet.Live.Core.Devices;
using Rivet.Live.Core.Drains;
using Rivet.Live.Core.Encoding;
using Rivet.Live.Core.Isolation;
using Rivet.Live.Core.Ladder;
using Rivet.Live.Core.Media;

namespace Rivet.Live.Bench.Isolation;

/// <summary>One long broadcast through one child as fast as it goes: the memory of both processes has to level off.</summary>
internal static class HourPass
{
    /// <summary>Media that may be on its way, in pictures: ten seconds.</summary>
    private const int PicturesAhead = 300;

    private const int Rows = 12;

    /// <summary>Small, and no smaller than NVENC takes.</summary>
    private static readonly IReadOnlyList<Rendition> NvidiaRenditions = [.. ((int[])[112, 100, 90]).Select(static height => new Rendition($"{height}p", height, 100_000))];

    /// <summary>What <c>--device</c> says.</summary>
    /// <exception cref="FormatException">It is neither of both.</exception>
    public static bool IsNvidia(string device) => device switch
    {
        "cpu" => false,
        "nvidia" => true,
        _ => throw new FormatException($"--device: saw '{device}', expected cpu or nvidia."),
    };

    /// <param name="media">Published again and again, behind one another.</param>
    /// <param name="minutes">Of media.</param>
    /// <param name="isNvidia">NVIDIA's encoders without FFmpeg instead of the CPU's.</param>
    public static async Task<HourReport> RunAsync(SourceMedia media, int minutes, bool isNvidia)
    {
        Codecs codecs = Codecs.Load(NullLoggerFactory.Instance, TimeProvider.System);
        PayloadPool payloads = new();
        FragmentBroadcasterRegistry registry = new(NullLogger<FragmentBroadcasterRegistry>.Instance, TimeProvider.System);
        DevicePlan plan = isNvidia ? NvidiaPlan(codecs) : new DevicePlan { BoundsWork = false };
        await using DevicePool devices = DevicePool.Open(plan, codecs, presetToMeasure: null, TimeProvider.System, NullLogger<DevicePool>.Instance);
        await using ChildLauncher launcher = new(new IsolationPlan("dotnet", [ServerUnderTest.FindServer()], BytesMax: 4L << 30), payloads, NullLoggerFactory.Instance);
        LadderRules rules = new() { Renditions = isNvidia ? NvidiaRenditions : SchedulingPlan.Five, Limits = FeedLimits.Lossless with { KeptMax = FeedLimits.Live.KeptMax } };
        LadderLoad loads = new(LadderOverload.Refuse, devices, TimeProvider.System, NullLogger<LadderLoad>.Instance);
        IsolatedLadders ladders = new(rules, LadderPlan.Tuning, encoderThreadsMax: 1, plan, devices, loads, launcher, TimeProvider.System, NullLoggerFactory.Instance);
        SubscriptionBound unbounded = new(double.PositiveInfinity, int.MaxValue);
        await using TranscodeRunner runner = new(registry, IsolatedFactory.ForLadder(ladders), static () => { }, unbounded, NullLoggerFactory.Instance);
        BroadcastSession session = new(BroadcastId.Parse("bench/hour"), new SegmentGrid(segmentSeconds: 2), PartTarget.Fixed(0.5), TimeProvider.System.GetUtcNow());
        FragmentBroadcaster video = registry.GetOrCreate(new TrackKey(session.Broadcast, "video"), TrackKind.Video, session, rendition: null, media.Fragments[0].Track);

        List<HourRow> rows = [];
        int rounds = (int)Math.Ceiling(minutes * 60 / media.Seconds);
        long ticks = media.Fragments[^1].End.Ticks - media.Fragments[0].Start.Ticks;
        long began = Stopwatch.GetTimestamp();
        for (int round = 0; round < rounds; round++)
        {
            long published = (long)round * media.Pictures;
            await WhenEncodedAsync(runner, published - PicturesAhead);
            foreach (Fragment fragment in media.Fragments)
            {
                Fragment later = fragment.Share().Shifted(round * ticks, isDiscontinuity: false);
                session.Grid.Observe(later);
                video.Publish(later);
            }

            if (round % Math.Max(1, rounds / Rows) == 0 || round == rounds - 1)
            {
                IsolationReport report = ladders.Find(session)!.Report;
                rows.Add(new HourRow(
                    round * media.Seconds / 60, ProcessFigures.ResidentMegabytes(Environment.ProcessId), (report.ResidentBytes ?? 0) / 1048576.0, report.Restarts));
            }
        }

        registry.Remove(video);
        await runner.WhenDrainedAsync(session);
        LadderRun.RequireWhole(runner, rounds * media.Pictures);
        return new HourReport(rows, Stopwatch.GetElapsedTime(began).TotalSeconds);
    }

    private static DevicePlan NvidiaPlan(Codecs codecs)
    {
        HardwareFindings found = new HardwareSearch(codecs, HardwareSearch.StartDeadline, isNvencDirect: true).Find();
        HardwareBackend[] devices = [.. found.Devices.Where(static device => device is { Vendor: "nvidia", Abilities.Any: true })];
        return devices.Length > 0
            ? new DevicePlan { BoundsWork = false, Policy = new DevicePolicy(Index: null, "nvidia"), Hardware = devices }
            : throw new InvalidOperationException($"No NVIDIA device that encodes was found: {found.Tried}. LD_LIBRARY_PATH=tools/nvsim/build simulates one.");
    }

    private static async Task WhenEncodedAsync(TranscodeRunner runner, long pictures)
    {
        while (runner.Drains.Any(drain => drain.Progress.FramesEncoded < pictures))
        {
            await Task.Delay(20);
        }
    }
}
