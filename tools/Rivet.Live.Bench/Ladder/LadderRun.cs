using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using Rivet.Live.Bench.Measuring;
using Rivet.Live.Core.Broadcast;
using Rivet.Live.Core.Buffers;
using Rivet.Live.Core.Demuxing;
using Rivet.Live.Core.Devices;
using Rivet.Live.Core.Drains;
using Rivet.Live.Core.Encoding;
using Rivet.Live.Core.Ladder;
using Rivet.Live.Core.Media;

namespace Rivet.Live.Bench.Ladder;

/// <summary>Our ladder over one file, in a process of its own so that its memory is its own: reader, registry, drains, encoders.</summary>
internal static class LadderRun
{
    private const double AheadSecondsMax = 2;
    private const int ReadBytes = 64 * 1024;

    private static readonly TimeSpan PollEvery = TimeSpan.FromMilliseconds(50);

    /// <param name="source">A fragmented MP4.</param>
    /// <param name="warmUpPictures">Transcoded before the clock starts, as in a server that is up for a while; 0 starts cold.</param>
    /// <param name="writeTo">A folder that gets a file per rendition; null throws the samples away.</param>
    public static async Task<LadderFigures> RunAsync(string source, int warmUpPictures, string? writeTo)
    {
        Codecs codecs = Codecs.Load(NullLoggerFactory.Instance, TimeProvider.System);
        if (warmUpPictures > 0)
        {
            await TranscodeAsync(codecs, source, warmUpPictures, writeTo: null);
            Codecs.ReturnMemory();
        }

        MachineLoad load = new();
        double cpuBefore = ProcessFigures.CpuSeconds(Environment.ProcessId);
        long began = Stopwatch.GetTimestamp();
        int pictures = await TranscodeAsync(codecs, source, int.MaxValue, writeTo);
        double wall = Stopwatch.GetElapsedTime(began).TotalSeconds;
        double cpu = ProcessFigures.CpuSeconds(Environment.ProcessId) - cpuBefore;
        return new LadderFigures(pictures, wall, cpu, ProcessFigures.PeakMegabytes(Environment.ProcessId), load.OthersCores(cpu));
    }

    private static async Task<int> TranscodeAsync(Codecs codecs, string source, int picturesMax, string? writeTo)
    {
        PayloadPool payloads = new();
        FragmentBroadcasterRegistry registry = new(NullLogger<FragmentBroadcasterRegistry>.Instance, TimeProvider.System);
        RenditionFiles? files = writeTo is null ? null : new RenditionFiles(registry, payloads, writeTo);
        await using DevicePool devices = DevicePool.Open(
            new DevicePlan { BoundsWork = false }, codecs, presetToMeasure: null, TimeProvider.System, NullLogger<DevicePool>.Instance);
        IReadOnlyList<ITranscoderFactory> ladder = LadderFactory.ForLadder(
            new LadderRules { Renditions = LadderPlan.Renditions, Limits = FeedLimits.Lossless },
            codecs,
            new EncoderFactory(devices, payloads, LadderPlan.Tuning, threadsMax: 1),
            new LadderLoad(LadderOverload.Refuse, devices, TimeProvider.System, NullLogger<LadderLoad>.Instance),
            TimeProvider.System,
            NullLoggerFactory.Instance);

        // No lower priority than the program we are compared with, and no bound that loses anything.
        SubscriptionBound unbounded = new(double.PositiveInfinity, int.MaxValue);
        await using TranscodeRunner runner = new(registry, ladder, static () => { }, unbounded, NullLoggerFactory.Instance);
        BroadcastSession session = new(BroadcastId.Parse("bench/ladder"), new SegmentGrid(segmentSeconds: 2), PartTarget.Fixed(0.5), TimeProvider.System.GetUtcNow());
        int pictures = await PublishAsync(source, picturesMax, session, registry, payloads, runner);
        await runner.WhenDrainedAsync(session);
        RequireWhole(runner, pictures);
        if (files is not null)
        {
            await files.WhenWrittenAsync();
        }

        return pictures;
    }

    private static async Task<int> PublishAsync(
        string source, int picturesMax, BroadcastSession session, FragmentBroadcasterRegistry registry, PayloadPool payloads, TranscodeRunner runner)
    {
        using FragmentReader reader = new(payloads, IngestLimits.Default);
        await using FileStream file = File.OpenRead(source);
        byte[] buffer = new byte[ReadBytes];
        List<IngestEvent> events = [];
        FragmentBroadcaster? video = null;
        int pictures = 0;
        double reached = 0;
        int read;
        while (pictures < picturesMax && (read = await file.ReadAsync(buffer)) > 0)
        {
            reader.Accept(buffer.AsSpan(0, read), TimeProvider.System.GetTimestamp(), events);
            foreach (IngestEvent happened in events)
            {
                if (happened is IngestEvent.Media { Fragment: { } fragment })
                {
                    video ??= registry.GetOrCreate(new TrackKey(session.Broadcast, "video"), TrackKind.Video, session, rendition: null, fragment.Track);
                    session.Grid.Observe(fragment);
                    pictures += fragment.Samples.Length;
                    reached = fragment.End.Seconds;
                    video.Publish(fragment);
                }
            }

            events.Clear();
            while (runner.Drains.Any(drain => reached - (drain.Progress.PublishedUntil?.Seconds ?? 0) > AheadSecondsMax))
            {
                await Task.Delay(PollEvery, TimeProvider.System);
            }
        }

        registry.Remove(video ?? throw new InvalidDataException($"{source} holds no fragment."));
        return pictures;
    }

    /// <summary>A faster run that lost pictures would be no run at all.</summary>
    internal static void RequireWhole(TranscodeRunner runner, int pictures)
    {
        foreach (Drain drain in runner.Drains)
        {
            if (drain.Progress.FramesEncoded != pictures || drain.Panics > 0)
            {
                throw new InvalidOperationException(
                    $"{drain.Key} encoded {drain.Progress.FramesEncoded} of {pictures} pictures with {drain.Panics} exceptions; every picture was expected.");
            }
        }
    }
}
