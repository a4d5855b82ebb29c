namespace Rivet.Live.Core.Ingest;

/// <summary>What publishers may make the server hold, and how long they may make it wait: all of it, with its reason. docs/operating.md lists the same.</summary>
/// <remarks>
/// Names have their shapes (<see cref="Media.BroadcastId.Rule"/>, <see cref="ObjectName.Rule"/>). There is no limit of bits per second: whoever sends faster than is read is held back by TCP, and one that sends a file
/// as fast as it can is welcome.
/// </remarks>
internal sealed record IngestLimits
{
    /// <summary>The limits of a server whose configuration changes none of them.</summary>
    public static IngestLimits Default { get; } = new();

    /// <summary>Largest mdat that is taken in. 32 MiB, <c>Ingest:MaxFragmentBytes</c>: four seconds of 60 Mb/s video are 30 MB.</summary>
    public int MaxFragmentBytes { get; init; } = 32 * 1024 * 1024;

    /// <summary>Largest moov or moof. 16 MiB: a moov with a cover picture in its user data has a few.</summary>
    public int MaxHeaderBoxBytes { get; init; } = 16 * 1024 * 1024;

    /// <summary>Largest styp or prft that is read; larger ones are stepped over. 1 KiB: they have a few dozen bytes.</summary>
    public int MaxNoteBytes { get; init; } = 1024;

    /// <summary>Largest emsg that is read; larger ones are stepped over. 2 KiB: a section of SCTE 35 has a few dozen bytes, and all stand in playlists in hex.</summary>
    public int MaxMessageBytes { get; init; } = 2048;

    /// <summary>emsg boxes of one fragment; more are stepped over. 16: encoders announce the same few breaks again and again.</summary>
    public int MaxMessagesPerFragment { get; init; } = 16;

    /// <summary>Tracks of one moov, and of one publisher that sends objects. 16: a ladder of eight, its audio in four languages, and some text.</summary>
    public int MaxTracks { get; init; } = 16;

    /// <summary>Samples of one moof: a run of defaults declares any number in 4 bytes. 65 536: 20 minutes of AAC are 56 250.</summary>
    public int MaxSamplesPerFragment { get; init; } = 65536;

    /// <summary>Ticks per second of a track. 10⁹: nobody counts finer than nanoseconds, and it keeps every time inside 63 bits.</summary>
    public int MaxTimescale { get; init; } = 1_000_000_000;

    /// <summary>Latest decode time in seconds. 2³²: clocks counted from 1900, 1904 and 1970 all fit until 2036 at least.</summary>
    public long MaxDecodeSeconds { get; init; } = 1L << 32;

    /// <summary>Largest MPD or playlist that is read. 1 MiB: an hour of two-second segments takes 100 KB.</summary>
    public int MaxManifestBytes { get; init; } = 1024 * 1024;

    /// <summary>Names of objects, numbering aside, that one publisher may use. 256: names that are numbered where nobody looks for it must not pile up.</summary>
    public int MaxObjectNames { get; init; } = 256;

    /// <summary>Bytes of a WebSocket that wait to be read. 64 KiB: four pieces, as Kestrel has them of a body.</summary>
    public int MaxSocketBytes { get; init; } = 64 * 1024;

    /// <summary>Broadcasts that may be live at once. 64, <c>Ingest:MaxBroadcasts</c>: more than one machine encodes.</summary>
    public int MaxBroadcasts { get; init; } = 64;

    /// <summary>Connections of one body each that may be at one broadcast at once. 8: a redundant pair, both of which come back while their old ones hang, twice.</summary>
    public int MaxPublishersPerBroadcast { get; init; } = 8;

    /// <summary>A publisher silent for longer is gone. 20 s, <c>Ingest:IdleSeconds</c>: encoders that send a segment at a time send none for ten.</summary>
    public TimeSpan Idle { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>A connection that has not sent a request's headers by then is closed. 10 s: they are in its first packet.</summary>
    public TimeSpan Handshake { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>A connection of the same owner that is silent for longer is of nobody, where the next one comes. 2 s: twice the longest fragment where that is more.</summary>
    public TimeSpan HungPublisher { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>An object's body that is silent for longer while the next one waits is of a connection that nobody is at any more. 3 s.</summary>
    public TimeSpan HungBody { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>An object's body that has waited for so long is told that somebody else sends the track. 10 s: a segment or two.</summary>
    public TimeSpan BodyTurn { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>What one publisher may make us hold while its boxes come: one with objects reads as many bodies at once as it has tracks.</summary>
    public long PublisherBytes => (long)MaxTracks * (MaxFragmentBytes + MaxHeaderBoxBytes);
}
