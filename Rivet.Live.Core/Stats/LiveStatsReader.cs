using System.Reflection;
using Rivet.Live.Core.Devices;
using Rivet.Live.Core.Drains;
using Rivet.Live.Core.Hls;
using Rivet.Live.Core.Ingest;
using Rivet.Live.Core.Media;
using Rivet.Live.Core.Pipeline;
using Rivet.Live.Core.Recording;

namespace Rivet.Live.Core.Stats;

/// <summary>Takes a snapshot of what the rooms know. Reads only; nobody waits for it.</summary>
internal sealed class LiveStatsReader(LivePipeline pipeline, Timeline timeline, PlayerReports reports, TimeProvider time)
{
    private readonly string _version =
        typeof(LiveStatsReader).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion
            .Split('+')[0] ?? "unknown";

    public LiveStats Read() => new(
        new ServerStats(_version, pipeline.StartedAt, Rounded((time.GetUtcNow() - pipeline.StartedAt).TotalSeconds), pipeline.IsAccepting ? "running" : "draining"),
        [.. pipeline.Devices.Snapshot().Select(Read)],
        [.. pipeline.Broadcasts.OrderBy(static broadcast => broadcast.Session.Broadcast.ToString(), StringComparer.Ordinal).Select(Read)])
    {
        Timeline = timeline.OfServer(),
    };

    /// <summary>The same snapshot with what was noted of it since.</summary>
    public LiveStats WithTimeline(LiveStats stats) => stats with
    {
        Timeline = timeline.OfServer(),
        Broadcasts = [.. stats.Broadcasts.Select(broadcast => broadcast with { Timeline = timeline.Of(broadcast.Session) })],
    };

    public BroadcastStats Read(LiveBroadcast broadcast) => new(
        broadcast.Session.Broadcast.ToString(),
        broadcast.Session.SessionId,
        Word(broadcast.State),
        broadcast.Session.StartedAt,
        broadcast.Point.Publisher is { } publisher ? new PublisherStats(publisher.Remote, publisher.Dialect) : null,
        [.. broadcast.Point.Meters.Select(meter => Read(meter, LivePipeline.PlaylistOf(meter.Name) is { } playlist ? broadcast.Presentation.Find(playlist) : null))],
        [.. pipeline.DrainsOf(broadcast).OrderByDescending(static drain => drain.Progress.Track?.Height ?? 0).Select(drain => Read(broadcast, drain))],
        new WindowStats(
            Rounded(broadcast.Presentation.Duration.TotalSeconds), broadcast.Presentation.Bytes.InMemory, broadcast.Presentation.Bytes.OnDisk),
        ViewersOf(broadcast),
        [.. broadcast.Point.Findings.Select(static finding => new FindingStats(Word(finding.Severity), finding.Code, finding.Text))])
    {
        Isolation = pipeline.IsolationOf(broadcast) is { } isolation
            ? new IsolationStats(isolation.ProcessId, isolation.Restarts, isolation.ResidentBytes)
            : null,
        Publishers = broadcast.Point.PublishersNow is { Count: > 1 } several ? [.. several.Select(Read)] : null,
        Recordings = broadcast.Recording is { } recording
            ? [.. recording.Files.Select(static file => file.Report).OfType<RecordingReport>().Select(Read)]
            : null,
        Timeline = timeline.Of(broadcast.Session.SessionId),
    };

    private ViewerStats ViewersOf(LiveBroadcast broadcast)
    {
        HlsPresentation presentation = broadcast.Presentation;
        (int now, int peak) = presentation.Viewers.Read();
        (long? count, long? stalls, Percentiles? latency) = reports.Read(broadcast.Session.SessionId);
        return new ViewerStats(now, peak, presentation.BlockedRequests, presentation.BlockedNow, presentation.BytesSent)
        {
            Beacons = count,
            Stalls = stalls,
            LatencyMilliseconds = PercentilesOf(latency),
        };
    }

    private static string Word<T>(T state)
        where T : struct, Enum => state.ToString().ToLowerInvariant();

    private static double Rounded(double value) => Math.Round(value, 3);

    private static double? Median(SlidingPercentiles values) => values.Read() is { } measured ? Rounded(measured.P50) : null;

    private static PercentileStats? PercentilesOf(SlidingPercentiles? values) => PercentilesOf(values?.Read());

    private static PercentileStats? PercentilesOf(Percentiles? values) =>
        values is { } measured ? new PercentileStats(Rounded(measured.P50), Rounded(measured.P95), Rounded(measured.P99)) : null;

    private static StageStats? StagesOf(MediaPlaylistBoard? board) => board?.Latency is { HasParts: true } latency
        ? new StageStats
        {
            ContributionMilliseconds = PercentilesOf(latency.Contribution),
            ReceiveMilliseconds = PercentilesOf(latency.Receive),
            DecodeMilliseconds = PercentilesOf(latency.Decode),
            EncodeMilliseconds = PercentilesOf(latency.Encode),
            PackageMilliseconds = PercentilesOf(latency.Package),
            ListMilliseconds = PercentilesOf(latency.List),
            FirstFetchMilliseconds = PercentilesOf(latency.FirstFetch),
            FirstByteToPlaylistMilliseconds = PercentilesOf(latency.FirstByteToPlaylist),
            TotalMilliseconds = PercentilesOf(latency.Total),
        }
        : null;

    private static int? Positive(int value) => value > 0 ? value : null;

    private RedundantPublisherStats Read(Publisher publisher) => new(
        publisher.Remote, publisher.Dialect, Rounded(publisher.SilenceOn(time).TotalSeconds));

    internal static RecordingStats Read(RecordingReport report) => new(
        report.Name, report.File, Word(report.State), Rounded(report.Seconds), report.Bytes, report.Gaps, Rounded(report.GapSeconds), report.FragmentsSkipped);

    private static DeviceStats Read(DeviceSnapshot device) => new()
    {
        Device = device.Device,
        Vendor = device.Vendor,
        Name = device.Name,
        Slots = device.Slots,
        CapacityPixelsPerSecond = device.CapacityPixelsPerSecond is { } capacity ? Math.Round(capacity) : null,
        Leased = device.Leases.Count,
        Waiting = device.Waiting,
        Healthy = device.IsHealthy,
        Cordoned = device.IsCordoned,
        Decoding = device.Decoding,
        Leases = [.. device.Leases.Select(static lease =>
            new LeaseStats(lease.Broadcast.ToString(), lease.Rendition, Math.Round(lease.PixelsPerSecond), Rounded(lease.Held.TotalSeconds)))],
    };

    private SourceStats Read(SourceTrackMeter meter, MediaPlaylistBoard? board) => new()
    {
        Track = meter.Name,
        Codec = meter.Track.Codec,
        Width = Positive(meter.Track.Width),
        Height = Positive(meter.Track.Height),
        FrameRate = meter.SampleSeconds.Read() is { P50: > 0 and double seconds } ? Rounded(1 / seconds) : null,
        SampleRate = Positive(meter.Track.SampleRate),
        Channels = Positive(meter.Track.Channels),
        FragmentsReceived = meter.Fragments,
        FragmentsRepeated = meter.Repeats,
        BytesReceived = meter.Bytes,
        BitrateBps = (long?)meter.Bitrate.Latest,
        FragmentSecondsP50 = Median(meter.FragmentSeconds),
        KeyframeSecondsP50 = Median(meter.KeyframeSeconds),
        LastFragmentAgeSeconds = meter.LastReceivedAt == 0 ? null : Rounded(time.GetElapsedTime(meter.LastReceivedAt).TotalSeconds),
        GapSeconds = board is null ? null : Rounded(board.GapSeconds),
        IngestToPublishMilliseconds = PercentilesOf(board?.Latency.IngestToPublish),
        Stages = StagesOf(board),
        PartIntervalMilliseconds = PercentilesOf(board?.PartIntervalMilliseconds),
    };

    internal static RenditionStats Read(LiveBroadcast broadcast, Drain drain)
    {
        RenditionProgress progress = drain.Progress;
        MediaPlaylistBoard? board = broadcast.Presentation.Find(drain.Key.Rendition);
        PlaylistPosition? last = board?.Current.Last;
        return new RenditionStats
        {
            Rendition = drain.Key.Rendition,
            Transcoder = drain.Key.Transcoder,
            Track = drain.Key.Track,
            State = Word(progress.State),
            Shed = progress.IsShed,
            Dropped = progress.IsDropped,
            Codec = progress.Track?.Codec,
            Width = progress.Track?.Width,
            Height = progress.Track?.Height,
            Encoder = progress.Encoder,
            Device = progress.Device,
            FragmentsSeen = drain.FragmentsSeen,
            FragmentsSkipped = drain.FragmentsSkipped,
            Panics = drain.Panics,
            FramesDecoded = progress.FramesDecoded,
            FramesEncoded = progress.FramesEncoded,
            FramesDropped = progress.FramesDropped,
            FramesDuplicated = progress.FramesDuplicated,
            ChunksEncoded = progress.ChunksEncoded,
            ChunksHelped = progress.ChunksHelped,
            ChunksRequeued = progress.ChunksRequeued,
            EncoderRestarts = progress.EncoderRestarts,
            Failovers = progress.Failovers,
            QueuedChunks = progress.QueuedChunks,
            LeaseWaitSeconds = Rounded(progress.LeaseWaitSeconds),
            LagSeconds = broadcast.Point.ReachedTime is { } reached && progress.PublishedUntil is { } published
                ? Math.Max(0, Rounded(reached.Seconds - published.Seconds))
                : null,
            RealtimeRatio = progress.RealtimeRatio is { } ratio ? Math.Round(ratio, 2) : null,
            BitrateBps = new BitrateStats(progress.ConfiguredBitrateBps, (long?)progress.Bitrate.Average, (long?)progress.Bitrate.Latest),
            EncodeMilliseconds = PercentilesOf(progress.EncodeMilliseconds),
            IngestToPublishMilliseconds = PercentilesOf(board?.Latency.IngestToPublish),
            Stages = StagesOf(board),
            PartIntervalMilliseconds = PercentilesOf(board?.PartIntervalMilliseconds),
            LastMediaSequence = last?.MediaSequence,
            LastPart = last?.Part,
            GapSeconds = board is null ? null : Rounded(board.GapSeconds),
            LateSamples = board?.LateSamples,
            BytesPublished = progress.BytesEncoded,
        };
    }
}
