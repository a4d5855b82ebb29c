namespace Rivet.Live.Configuration;

/// <summary>Everything the operator can choose, checked and complete. Read once at start, never changed.</summary>
/// <remarks>A record as it comes out of its constructor holds the built-in defaults, so a test says only what it wants different.</remarks>
internal sealed record LiveSettings
{
    /// <summary>Where the server listens: <c>--urls</c>, <c>--dev-tls</c>.</summary>
    public ListenSettings Listen { get; init; } = new();

    public IngestSettings Ingest { get; init; } = new();

    public LadderSettings Ladder { get; init; } = new();

    public EncodingSettings Encoding { get; init; } = new();

    public HlsSettings Hls { get; init; } = new();

    public RecordingSettings Recording { get; init; } = new();

    public PlaybackSettings Playback { get; init; } = new();

    public OperatorSettings Operator { get; init; } = new();

    public StatsSettings Stats { get; init; } = new();

    public LoggingSettings Logging { get; init; } = new();

    public ShutdownSettings Shutdown { get; init; } = new();
}
