using Rivet.Live.Tests.Support;

namespace Rivet.Live.Tests.Stats;

/// <summary>Which fields of the stats tell something in which scenario. Its test looks at all of them with <see cref="FieldsSeen"/>.</summary>
internal static class FieldsOf
{
    /// <summary>Every field there is.</summary>
    public static IReadOnlyList<string> All { get; } = Repository.Read("Rivet.Live.Tests/Goldens/stats-names.txt").Split('\n', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Two broadcasts with a player, one of them with the clock of its encoder, before an operator and a device that is lost.</summary>
    public static IReadOnlyList<string> Console { get; } =
    [
        "server.version",
        "server.startedAt",
        "server.uptimeSeconds",
        "server.state",
        "devices[].device",
        "devices[].vendor",
        "devices[].name",
        "devices[].slots",
        "devices[].capacityPixelsPerSecond",
        "devices[].leased",
        "devices[].healthy",
        "devices[].cordoned",
        "devices[].leases[].broadcast",
        "devices[].leases[].rendition",
        "devices[].leases[].pixelsPerSecond",
        "devices[].leases[].heldSeconds",
        "broadcasts[].broadcast",
        "broadcasts[].session",
        "broadcasts[].state",
        "broadcasts[].startedAt",
        "broadcasts[].publisher.remote",
        "broadcasts[].publisher.dialect",
        "broadcasts[].source[].track",
        "broadcasts[].source[].codec",
        "broadcasts[].source[].width",
        "broadcasts[].source[].height",
        "broadcasts[].source[].frameRate",
        "broadcasts[].source[].sampleRate",
        "broadcasts[].source[].channels",
        "broadcasts[].source[].fragmentsReceived",
        "broadcasts[].source[].bytesReceived",
        "broadcasts[].source[].bitrateBps",
        "broadcasts[].source[].fragmentSecondsP50",
        "broadcasts[].source[].keyframeSecondsP50",
        "broadcasts[].source[].lastFragmentAgeSeconds",
        .. Percentiles("broadcasts[].source[].ingestToPublishMilliseconds"),
        .. Percentiles("broadcasts[].source[].stages.contributionMilliseconds"),
        .. Percentiles("broadcasts[].source[].stages.receiveMilliseconds"),
        .. Percentiles("broadcasts[].source[].stages.packageMilliseconds"),
        .. Percentiles("broadcasts[].source[].stages.listMilliseconds"),
        .. Percentiles("broadcasts[].source[].stages.firstFetchMilliseconds"),
        .. Percentiles("broadcasts[].source[].stages.firstByteToPlaylistMilliseconds"),
        .. Percentiles("broadcasts[].source[].stages.totalMilliseconds"),
        .. Percentiles("broadcasts[].source[].partIntervalMilliseconds"),
        "broadcasts[].renditions[].rendition",
        "broadcasts[].renditions[].transcoder",
        "broadcasts[].renditions[].track",
        "broadcasts[].renditions[].state",
        "broadcasts[].renditions[].shed",
        "broadcasts[].renditions[].dropped",
        "broadcasts[].renditions[].codec",
        "broadcasts[].renditions[].width",
        "broadcasts[].renditions[].height",
        "broadcasts[].renditions[].encoder",
        "broadcasts[].renditions[].device",
        "broadcasts[].renditions[].fragmentsSeen",
        "broadcasts[].renditions[].framesDecoded",
        "broadcasts[].renditions[].framesEncoded",
        "broadcasts[].renditions[].framesDropped",
        "broadcasts[].renditions[].chunksEncoded",
        "broadcasts[].renditions[].chunksRequeued",
        "broadcasts[].renditions[].encoderRestarts",
        "broadcasts[].renditions[].failovers",
        "broadcasts[].renditions[].lagSeconds",
        "broadcasts[].renditions[].realtimeRatio",
        "broadcasts[].renditions[].bitrateBps.configured",
        "broadcasts[].renditions[].bitrateBps.average",
        "broadcasts[].renditions[].bitrateBps.latest",
        .. Percentiles("broadcasts[].renditions[].encodeMilliseconds"),
        .. Percentiles("broadcasts[].renditions[].ingestToPublishMilliseconds"),
        .. Percentiles("broadcasts[].renditions[].stages.contributionMilliseconds"),
        .. Percentiles("broadcasts[].renditions[].stages.receiveMilliseconds"),
        .. Percentiles("broadcasts[].renditions[].stages.decodeMilliseconds"),
        .. Percentiles("broadcasts[].renditions[].stages.encodeMilliseconds"),
        .. Percentiles("broadcasts[].renditions[].stages.packageMilliseconds"),
        .. Percentiles("broadcasts[].renditions[].stages.listMilliseconds"),
        .. Percentiles("broadcasts[].renditions[].stages.firstFetchMilliseconds"),
        .. Percentiles("broadcasts[].renditions[].stages.firstByteToPlaylistMilliseconds"),
        .. Percentiles("broadcasts[].renditions[].stages.totalMilliseconds"),
        .. Percentiles("broadcasts[].renditions[].partIntervalMilliseconds"),
        "broadcasts[].renditions[].lastMediaSequence",
        "broadcasts[].renditions[].lastPart",
        "broadcasts[].renditions[].gapSeconds",
        "broadcasts[].renditions[].bytesPublished",
        "broadcasts[].window.seconds",
        "broadcasts[].window.memoryBytes",
        "broadcasts[].viewers.now",
        "broadcasts[].viewers.peak",
        "broadcasts[].viewers.blockedRequests",
        "broadcasts[].viewers.blockedNow",
        "broadcasts[].viewers.bytesSent",
        "broadcasts[].findings[].severity",
        "broadcasts[].findings[].code",
        "broadcasts[].findings[].text",
        "broadcasts[].timeline[].at",
        "broadcasts[].timeline[].kind",
        "broadcasts[].timeline[].severity",
        "broadcasts[].timeline[].text",
        "broadcasts[].timeline[].count",
        "broadcasts[].timeline[].rendition",
        "broadcasts[].timeline[].device",
        "timeline[].at",
        "timeline[].kind",
        "timeline[].severity",
        "timeline[].text",
        "timeline[].count",
        "timeline[].broadcast",
        "timeline[].device",
    ];

    /// <summary>Two renditions that share a slot.</summary>
    public static IReadOnlyList<string> OneSlot { get; } =
    [
        "broadcasts[].renditions[].leaseWaitSeconds",
    ];

    /// <summary>A rendition that is behind and is helped.</summary>
    public static IReadOnlyList<string> Backlog { get; } =
    [
        "broadcasts[].renditions[].chunksHelped",
        "broadcasts[].renditions[].queuedChunks",
    ];

    /// <summary>What players report.</summary>
    public static IReadOnlyList<string> Players { get; } =
    [
        "broadcasts[].viewers.beacons",
        "broadcasts[].viewers.stalls",
        .. Percentiles("broadcasts[].viewers.latencyMilliseconds"),
    ];

    /// <summary>A window that is longer than what stays in memory.</summary>
    public static IReadOnlyList<string> Spill { get; } =
    [
        "broadcasts[].window.diskBytes",
    ];

    /// <summary>A recording whose publisher was away for a while.</summary>
    public static IReadOnlyList<string> Recordings { get; } =
    [
        "broadcasts[].recordings[].rendition",
        "broadcasts[].recordings[].file",
        "broadcasts[].recordings[].state",
        "broadcasts[].recordings[].seconds",
        "broadcasts[].recordings[].bytes",
        "broadcasts[].recordings[].gaps",
        "broadcasts[].recordings[].gapSeconds",
    ];

    /// <summary>A disk that hangs while it is recorded.</summary>
    public static IReadOnlyList<string> SlowDisk { get; } =
    [
        "broadcasts[].recordings[].fragmentsSkipped",
    ];

    /// <summary>A ladder whose process crashes.</summary>
    public static IReadOnlyList<string> Children { get; } =
    [
        "broadcasts[].isolation.processId",
        "broadcasts[].isolation.restarts",
        "broadcasts[].isolation.memoryBytes",
    ];

    /// <summary>A child that sends what was published before.</summary>
    public static IReadOnlyList<string> SamplesAgain { get; } =
    [
        "broadcasts[].renditions[].framesDuplicated",
    ];

    /// <summary>What stays zero, or absent, until something goes wrong, and needs no encoder for that.</summary>
    public static IReadOnlyList<string> Trouble { get; } =
    [
        "devices[].waiting",
        "devices[].decoding",
        "broadcasts[].source[].fragmentsRepeated",
        "broadcasts[].source[].gapSeconds",
        "broadcasts[].renditions[].fragmentsSkipped",
        "broadcasts[].renditions[].panics",
        "broadcasts[].renditions[].lateSamples",
        "broadcasts[].publishers[].remote",
        "broadcasts[].publishers[].dialect",
        "broadcasts[].publishers[].lastHeardSeconds",
    ];

    /// <summary>All of these; no field may be in none of them.</summary>
    public static IReadOnlyDictionary<string, IReadOnlyList<string>> ByScenario { get; } = new Dictionary<string, IReadOnlyList<string>>
    {
        [nameof(Console)] = Console,
        [nameof(OneSlot)] = OneSlot,
        [nameof(Backlog)] = Backlog,
        [nameof(Players)] = Players,
        [nameof(Spill)] = Spill,
        [nameof(Recordings)] = Recordings,
        [nameof(SlowDisk)] = SlowDisk,
        [nameof(Children)] = Children,
        [nameof(SamplesAgain)] = SamplesAgain,
        [nameof(Trouble)] = Trouble,
    };

    private static string[] Percentiles(string of) => [$"{of}.p50", $"{of}.p95", $"{of}.p99"];
}
