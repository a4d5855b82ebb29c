namespace Rivet.Live.Core.Demuxing;

/// <summary>What a <see cref="FragmentReader"/> does with the next byte.</summary>
internal enum FragmentReaderState
{
    /// <summary>It belongs to a box header.</summary>
    Header,

    /// <summary>It belongs to a moov or moof.</summary>
    Gathering,

    /// <summary>It belongs to an mdat whose samples are known.</summary>
    Filling,

    /// <summary>Nobody wants it.</summary>
    Skipping,
}
