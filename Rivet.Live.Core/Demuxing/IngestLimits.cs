namespace Rivet.Live.Core.Demuxing;

/// <summary>What strangers and publishers may make the server hold, and how long they may make it wait: all of it, with its reason. docs/operating.md lists the same.</summary>
/// <remarks>
/// Names have their shapes (<see cref="Media.BroadcastId.Rule"/>, and <c>ObjectName.Rule</c>). There is no limit of bits per second: whoever sends faster than is read is held back by TCP, and one that sends a file
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

    /// <summary>Media of one track in a fragment, in seconds. 3600: an encoder that was paused says of its last picture that it lasted as long. Each hole is told piece by piece, in every rendition.</summary>
    public int MaxFragmentSeconds { get; init; } = 3600;

    /// <summary>How long before or after its decode time a picture is shown, in seconds. 60: sixteen B-frames at one picture in two seconds take 32.</summary>
    public int MaxReorderSeconds { get; init; } = 60;

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

    /// <summary>Connections without a request yet; the next one pushes out the one that has waited longest. 4096: 40 MB, and more than the kernel hands over at once where ten thousand viewers come back together.</summary>
    public int MaxStrangers { get; init; } = 4096;

    /// <summary>Files that the process may have open, of which connections may take so many hundredths. 90: at the limit nothing could be accepted, nor any file read.</summary>
    public int MaxConnectionsPercent { get; init; } = 90;

    /// <summary>Bytes of a request's first line. 8 KiB: the longest broadcast name, a signature and every directive are 600 bytes together.</summary>
    public int MaxRequestLineBytes { get; init; } = 8 * 1024;

    /// <summary>Bytes of a request's headers. 16 KiB: cookies of other programs under the same domain are among them.</summary>
    public int MaxHeadersBytes { get; init; } = 16 * 1024;

    /// <summary>Headers of a request. 64: browsers send twenty, and caches in front add a few.</summary>
    public int MaxHeaders { get; init; } = 64;

    /// <summary>Bytes of a body that wait while nobody reads it, beside what the kernel holds. 256 KiB: 30 ms of 60 Mb/s; of a refused body nothing is read, and a thousand of them are 256 MB for half a second.</summary>
    public int MaxReadAheadBytes { get; init; } = 256 * 1024;

    /// <summary>Requests at once on one HTTP/2 connection. 1000: a cache in front sends all its viewers' reloads and parts through a few.</summary>
    public int MaxStreamsPerConnection { get; init; } = 1000;

    /// <summary>A publisher silent for longer is gone. 20 s, <c>Ingest:IdleSeconds</c>: encoders that send a segment at a time send none for ten.</summary>
    public TimeSpan Idle { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>A connection that has not sent a request's headers by then is closed. 10 s: they are in its first packet.</summary>
    public TimeSpan Handshake { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>A connection without a request for longer is closed. 75 s: caches in front keep theirs for 60 s, encoders send the next segment sooner, and they should be those who close.</summary>
    public TimeSpan KeepAlive { get; init; } = TimeSpan.FromSeconds(75);

    /// <summary>A connection of the same owner that is silent for longer is of nobody, where the next one comes. 2 s: twice the longest fragment where that is more.</summary>
    public TimeSpan HungPublisher { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>An object's body that is silent for longer while the next one waits is of a connection that nobody is at any more. 3 s.</summary>
    public TimeSpan HungBody { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>An object's body that has waited for so long is told that somebody else sends the track. 10 s: a segment or two.</summary>
    public TimeSpan BodyTurn { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Sound that comes over a connection of its own waits so long for a picture. 3 s: encoders open a connection per track within one segment.</summary>
    public TimeSpan PatienceForVideo { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>A publisher of objects one of whose requests broke is back by then, or gone. 2 s: encoders try again within one.</summary>
    public TimeSpan BrokenObject { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Whoever has sent each track in one request, its init with it, sends no more, unless it does so by then. 5 s: two segments.</summary>
    public TimeSpan AfterWholeTracks { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>What one publisher may make us hold while its boxes come: one with objects reads as many bodies at once as it has tracks.</summary>
    public long PublisherBytes => (long)MaxTracks * (MaxFragmentBytes + MaxHeaderBoxBytes);
}
