using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Rivet.Live.Bench.Scheduling;
using Rivet.Live.Core.Broadcast;
using Rivet.Live.Core.Buffers;
using Rivet.Live.Core.Demuxing;
using Rivet.Live.Core.Drains;
using Rivet.Live.Core.Encoding;
using Rivet.Live.Core.Ingest;
using Rivet.Live.Core.Media;
using Rivet.Live.Core.Pipeline;
using Rivet.Live.Core.Stats;
using Rivet.Live.Endpoints;

namespace Rivet.Live.Bench.Stats;

/// <summary>What a snapshot of everything costs where the server is full: 64 broadcasts of five renditions, each with a minute of media behind it. Nothing is encoded.</summary>
internal static class StatsBench
{
    private const int Broadcasts = 64;
    private const int SecondsOfMedia = 60;
    private const int FragmentsPerSecond = 5;
    private const int PicturesPerFragment = 6;
    private const int Timescale = 90_000;
    private const int PictureTicks = Timescale / (FragmentsPerSecond * PicturesPerFragment);

    private static readonly TimeSpan RunLength = TimeSpan.FromSeconds(1);

    public static async Task<StatsReport> RunAsync(BenchOptions options, string folder)
    {
        using SourceMedia media = await SourceMedia.ReadAsync(await SchedulingPlan.MakeSmallSourceAsync(folder, seconds: 2));
        TrackDescription track = media.Fragments[0].Track with { Timescale = Timescale };
        TimeProvider time = TimeProvider.System;
        Codecs codecs = Codecs.Load(NullLoggerFactory.Instance, time);
        LivePlan plan = new() { Ladder = SchedulingPlan.Five, IngestLimits = IngestLimits.Default with { MaxBroadcasts = Broadcasts } };
        await using LivePipeline pipeline = new(plan, codecs, time, NullLoggerFactory.Instance);
        List<Publisher> publishers = [.. Enumerable.Range(0, Broadcasts).Select(static _ => new Publisher("203.0.113.7", "fmp4-put"))];
        try
        {
            await Console.Error.WriteLineAsync($"Making a minute of {Broadcasts} broadcasts");
            await FillAsync(pipeline, publishers, track);
            LiveStatsReader reader = new(pipeline, new Timeline(time), new PlayerReports(time), time);
            LiveStats stats = reader.Read();
            Require(stats);
            int runs = options.Number("runs", 5);
            return new StatsReport(
                Measure(runs, () => reader.Read()),
                Measure(runs, () => JsonSerializer.SerializeToUtf8Bytes(stats, LiveJson.Wire.LiveStats)),
                JsonSerializer.SerializeToUtf8Bytes(stats, LiveJson.Wire.LiveStats).Length);
        }
        finally
        {
            publishers.ForEach(static publisher => publisher.Dispose());
        }
    }

    private static async Task FillAsync(LivePipeline pipeline, IReadOnlyList<Publisher> publishers, TrackDescription track)
    {
        List<LiveBroadcast> broadcasts = [];
        foreach (Publisher publisher in publishers)
        {
            BroadcastId id = BroadcastId.Parse($"bench/{broadcasts.Count}");
            (LiveBroadcast? broadcast, EnterRefusal? refusal) = await pipeline.EnterAsync(id, publisher, takesOver: false, CancellationToken.None);
            broadcasts.Add(broadcast ?? throw new InvalidOperationException($"{id} was refused: {refusal}."));
            broadcast.Session.Anchor(new MediaTime(0, Timescale), TimeProvider.System.GetUtcNow());
            broadcast.Session.Parts.Expect("video", track);
        }

        for (int fragment = 0; fragment < SecondsOfMedia * FragmentsPerSecond; fragment++)
        {
            foreach (LiveBroadcast broadcast in broadcasts)
            {
                Publish(pipeline, broadcast, track, fragment);
            }

            // Packagers keep up, or what they were too slow for would be missing in the figures.
            await Task.Yield();
        }

        foreach (Drain drain in broadcasts.SelectMany(pipeline.DrainsOf))
        {
            for (int picture = 0; picture < SecondsOfMedia * FragmentsPerSecond * PicturesPerFragment; picture++)
            {
                drain.Progress.CountWork(1.0 / (FragmentsPerSecond * PicturesPerFragment), 0.001 * (picture % 17));
            }
        }

        while (broadcasts.SelectMany(broadcast => SchedulingPlan.Five.Select(rendition => broadcast.Presentation.Find(rendition.Name))).Any(static board => board?.Current.Last is null))
        {
            await Task.Delay(10);
        }
    }

    private static void Publish(LivePipeline pipeline, LiveBroadcast broadcast, TrackDescription track, int number)
    {
        BroadcastSession session = broadcast.Session;
        using Fragment made = Make(pipeline.Payloads, track, number);
        broadcast.Point.MeterOf("video", track).Count(made);
        session.Parts.Observe("video", made, drivesGrid: true);
        session.Grid.Observe(made);
        foreach (string? rendition in (string?[])[null, .. SchedulingPlan.Five.Select(static rendition => rendition.Name)])
        {
            pipeline.Registry.GetOrCreate(new TrackKey(session.Broadcast, rendition ?? "video"), TrackKind.Video, session, rendition, track).Publish(made.Share());
        }
    }

    /// <summary>Pictures that no decoder takes: a keyframe each two seconds.</summary>
    private static Fragment Make(PayloadPool payloads, TrackDescription track, int number)
    {
        long now = TimeProvider.System.GetTimestamp();
        Sample[] samples = [.. Enumerable.Range(0, PicturesPerFragment).Select(picture => new Sample(
            ((long)number * PicturesPerFragment + picture) * PictureTicks, 0, PictureTicks, picture == 0 && number % (2 * FragmentsPerSecond) == 0, 0, 4))];
        return new Fragment(track, samples, payloads.Copy([0, 0, 0, 0]), new FragmentArrival(now, now)) { DecodedAt = now };
    }

    private static void Require(LiveStats stats)
    {
        int whole = stats.Broadcasts.SelectMany(static broadcast => broadcast.Renditions).Count(static one => one is { Stages.FirstByteToPlaylistMilliseconds: not null, EncodeMilliseconds: not null });
        if (whole != Broadcasts * SchedulingPlan.Five.Count)
        {
            throw new InvalidOperationException($"Saw {whole} renditions with all their figures; expected {Broadcasts * SchedulingPlan.Five.Count}.");
        }
    }

    private static IReadOnlyList<StatsRun> Measure(int runs, Action once)
    {
        MeasureOnce(once);
        return [.. Enumerable.Range(0, runs).Select(_ => MeasureOnce(once))];
    }

    private static StatsRun MeasureOnce(Action once)
    {
        long allocatedBefore = GC.GetAllocatedBytesForCurrentThread();
        long began = TimeProvider.System.GetTimestamp();
        int times = 0;
        for (; TimeProvider.System.GetElapsedTime(began) < RunLength; times++)
        {
            once();
        }

        return new StatsRun(
            TimeProvider.System.GetElapsedTime(began).TotalMilliseconds / times, (GC.GetAllocatedBytesForCurrentThread() - allocatedBefore) / 1024.0 / times);
    }
}
