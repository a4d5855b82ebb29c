namespace Rivet.Live.Core.Ingest;

/// <summary>What one publisher may make us hold while we read its boxes.</summary>
internal sealed record IngestLimits
{
    /// <summary>The limits of a server whose configuration changes none of them.</summary>
    public static IngestLimits Default { get; } = new();

    /// <summary>Largest mdat that is taken in. 32 MiB, <c>Ingest:MaxFragmentBytes</c>: four seconds of 60 Mb/s video are 30 MB.</summary>
    public int MaxFragmentBytes { get; init; } = 32 * 1024 * 1024;

    /// <summary>Largest moov or moof. 16 MiB: a moov with a cover picture in its user data has a few.</summary>
    public int MaxHeaderBoxBytes { get; init; } = 16 * 1024 * 1024;

    /// <summary>Tracks of one moov. 16: a ladder of eight, its audio in four languages, and some text.</summary>
    public int MaxTracks { get; init; } = 16;

    /// <summary>Samples of one moof: a run of defaults declares any number in 4 bytes. 65 536: 20 minutes of AAC are 56 250.</summary>
    public int MaxSamplesPerFragment { get; init; } = 65536;

    /// <summary>Ticks per second of a track. 10⁹: nobody counts finer than nanoseconds, and it keeps every time inside 63 bits.</summary>
    public int MaxTimescale { get; init; } = 1_000_000_000;

    /// <summary>Latest decode time in seconds. 2³²: clocks counted from 1900, 1904 and 1970 all fit until 2036 at least.</summary>
    public long MaxDecodeSeconds { get; init; } = 1L << 32;
}
