namespace Rivet.Live.Core.Stats;

/// <summary>Everything operators read, at one moment. Units are in the names; what is unknown is absent.</summary>
internal sealed record LiveStats(ServerStats Server, IReadOnlyList<DeviceStats> Devices, IReadOnlyList<BroadcastStats> Broadcasts)
{
    /// <summary>What happened lately to the server and its devices, and which broadcasts came and went; the oldest first.</summary>
    public IReadOnlyList<TimelineEvent> Timeline { get; init; } = [];
}

internal sealed record ServerStats(string Version, DateTimeOffset StartedAt, double UptimeSeconds, string State);

internal sealed record DeviceStats
{
    public required string Device { get; init; }

    public required string Vendor { get; init; }

    public string? Name { get; init; }

    /// <summary>Encoders that it can run at once, where known; of the size 1280x720 at 30 pictures a second where its work is the bound.</summary>
    public int? Slots { get; init; }

    /// <summary>What it is trusted with, where its work is the bound.</summary>
    public double? CapacityPixelsPerSecond { get; init; }

    public int Leased { get; init; }

    public int Waiting { get; init; }

    public bool Healthy { get; init; }

    /// <summary>An operator keeps it from new leases.</summary>
    public bool Cordoned { get; init; }

    /// <summary>Decoders open on the device that decodes; absent for all others.</summary>
    public int? Decoding { get; init; }

    public IReadOnlyList<LeaseStats> Leases { get; init; } = [];
}

internal sealed record LeaseStats(string Broadcast, string Rendition, double PixelsPerSecond, double HeldSeconds);

internal sealed record BroadcastStats(
    string Broadcast,
    string Session,
    string State,
    DateTimeOffset StartedAt,
    PublisherStats? Publisher,
    IReadOnlyList<SourceStats> Source,
    IReadOnlyList<RenditionStats> Renditions,
    WindowStats Window,
    ViewerStats Viewers,
    IReadOnlyList<FindingStats> Findings)
{
    /// <summary>The process that its ladder runs in; absent where that is the server's, and once it has ended.</summary>
    public IsolationStats? Isolation { get; init; }

    /// <summary>All who publish it, where several send the same; absent otherwise.</summary>
    public IReadOnlyList<RedundantPublisherStats>? Publishers { get; init; }

    /// <summary>Files that it is recorded to; absent where nobody wanted it recorded.</summary>
    public IReadOnlyList<RecordingStats>? Recordings { get; init; }

    /// <summary>What happened to it lately; the oldest first.</summary>
    public IReadOnlyList<TimelineEvent> Timeline { get; init; } = [];
}

/// <param name="ProcessId">Absent while there is none.</param>
/// <param name="Restarts">Processes that were lost: they crashed, hung or took too much memory.</param>
/// <param name="MemoryBytes">Resident; absent while there is none.</param>
internal sealed record IsolationStats(int? ProcessId, long Restarts, long? MemoryBytes);

internal sealed record PublisherStats(string Remote, string Dialect);

/// <summary>One of several publishers that send the same.</summary>
/// <param name="LastHeardSeconds">How long nothing has come from it.</param>
internal sealed record RedundantPublisherStats(string Remote, string Dialect, double LastHeardSeconds);

internal sealed record SourceStats
{
    public required string Track { get; init; }

    public required string Codec { get; init; }

    public int? Width { get; init; }

    public int? Height { get; init; }

    public double? FrameRate { get; init; }

    public int? SampleRate { get; init; }

    public int? Channels { get; init; }

    public long FragmentsReceived { get; init; }

    /// <summary>Fragments that had come before and were dropped: sent again, or by a redundant publisher.</summary>
    public long FragmentsRepeated { get; init; }

    public long BytesReceived { get; init; }

    public long? BitrateBps { get; init; }

    public double? FragmentSecondsP50 { get; init; }

    public double? KeyframeSecondsP50 { get; init; }

    public double? LastFragmentAgeSeconds { get; init; }

    /// <summary>Media told to viewers as absent.</summary>
    public double? GapSeconds { get; init; }

    /// <summary>From a fragment's last byte to its publication, measured at each part's last sample.</summary>
    public PercentileStats? IngestToPublishMilliseconds { get; init; }

    /// <summary>Where the time goes; absent before the first part.</summary>
    public StageStats? Stages { get; init; }

    /// <summary>Between two parts that were listed one after the other: the part target where all is well.</summary>
    public PercentileStats? PartIntervalMilliseconds { get; init; }
}

internal sealed record RenditionStats
{
    public required string Rendition { get; init; }

    public required string Transcoder { get; init; }

    public required string Track { get; init; }

    public required string State { get; init; }

    /// <summary>It is not encoded for now: the devices do not keep real time with everything, or an operator took it out.</summary>
    public bool Shed { get; init; }

    /// <summary>That was an operator, who alone brings it back.</summary>
    public bool Dropped { get; init; }

    public string? Codec { get; init; }

    public int? Width { get; init; }

    public int? Height { get; init; }

    public string? Encoder { get; init; }

    public string? Device { get; init; }

    public long FragmentsSeen { get; init; }

    public long FragmentsSkipped { get; init; }

    public long Panics { get; init; }

    public long FramesDecoded { get; init; }

    public long FramesEncoded { get; init; }

    public long FramesDropped { get; init; }

    /// <summary>Pictures that were published again; none, unless something is wrong.</summary>
    public long FramesDuplicated { get; init; }

    public long ChunksEncoded { get; init; }

    /// <summary>Those of them that a helper encoded, on a device that had room.</summary>
    public long ChunksHelped { get; init; }

    public long ChunksRequeued { get; init; }

    public long EncoderRestarts { get; init; }

    public long Failovers { get; init; }

    /// <summary>Chunks of the source behind the one at hand, as far as they have come.</summary>
    public int QueuedChunks { get; init; }

    public double LeaseWaitSeconds { get; init; }

    public double? LagSeconds { get; init; }

    public double? RealtimeRatio { get; init; }

    public BitrateStats? BitrateBps { get; init; }

    /// <summary>Per picture, in scaler and encoder.</summary>
    public PercentileStats? EncodeMilliseconds { get; init; }

    /// <summary>From a fragment's last byte to the encoded sample, measured at each part's last sample.</summary>
    public PercentileStats? IngestToPublishMilliseconds { get; init; }

    /// <summary>Where the time goes; absent before the first part.</summary>
    public StageStats? Stages { get; init; }

    /// <summary>Between two parts that were listed one after the other: the part target where all is well.</summary>
    public PercentileStats? PartIntervalMilliseconds { get; init; }

    public long? LastMediaSequence { get; init; }

    public int? LastPart { get; init; }

    /// <summary>Media told to viewers as absent.</summary>
    public double? GapSeconds { get; init; }

    /// <summary>Samples that came after their time had been told as absent, and were dropped.</summary>
    public long? LateSamples { get; init; }

    public long BytesPublished { get; init; }
}

internal sealed record BitrateStats(long? Configured, long? Average, long? Latest);

internal sealed record PercentileStats(double P50, double P95, double P99);

/// <summary>What players can go back over, and the media kept for it (also what is no longer listed and may still be asked for).</summary>
internal sealed record WindowStats(double Seconds, long MemoryBytes, long DiskBytes);

/// <summary>One file of a recording.</summary>
/// <param name="File">From <c>Recording:Directory</c> on.</param>
/// <param name="State"><c>growing</c>, <c>finishing</c>, <c>finished</c>, or <c>left</c> as it grew.</param>
/// <param name="Seconds">Where its picture ends, gaps included.</param>
/// <param name="Gaps">How often picture or sound is missing.</param>
/// <param name="FragmentsSkipped">What the disk was too slow for.</param>
internal sealed record RecordingStats(
    string Rendition, string File, string State, double Seconds, long Bytes, long Gaps, double GapSeconds, long FragmentsSkipped);

/// <summary>What costs the operator quality or latency, and the fix.</summary>
internal sealed record FindingStats(string Severity, string Code, string Text);

/// <param name="Now">Players that asked for a playlist within three target durations.</param>
/// <param name="Peak">The most of them at once.</param>
/// <param name="BlockedRequests">Requests that had to wait for media.</param>
/// <param name="BlockedNow">Those that wait now.</param>
/// <param name="BytesSent">Playlists and media.</param>
internal sealed record ViewerStats(int Now, int Peak, long BlockedRequests, long BlockedNow, long BytesSent)
{
    /// <summary>Reports of players; absent where none came.</summary>
    public long? Beacons { get; init; }

    /// <summary>Stalls that they reported.</summary>
    public long? Stalls { get; init; }

    /// <summary>How far behind the broadcast's clock they show it.</summary>
    public PercentileStats? LatencyMilliseconds { get; init; }
}
