namespace Rivet.Live.Core.Demuxing;

/// <summary>Why a publisher's bytes are refused. Described in <see cref="IngestRejectReasonText"/>, nowhere else.</summary>
internal enum IngestRejectReason
{
    /// <summary>The body does not begin with a box of an ISO base media file.</summary>
    NotIsoBmff,

    /// <summary>A box contradicts itself, its parent or the specification.</summary>
    MalformedBox,

    /// <summary>A moov or moof is larger than <see cref="IngestLimits.MaxHeaderBoxBytes"/>.</summary>
    BoxTooLarge,

    /// <summary>A fragment has more bytes or samples than the limits allow.</summary>
    FragmentTooLarge,

    /// <summary>A moov has more tracks than <see cref="IngestLimits.MaxTracks"/>.</summary>
    TooManyTracks,

    /// <summary>A moov without mvex: an ordinary MP4 file.</summary>
    NotFragmented,

    /// <summary>A sample entry that nobody here can decode or pass on.</summary>
    UnsupportedCodec,

    /// <summary>A moof before the first moov.</summary>
    MediaBeforeInit,

    /// <summary>A traf of a track that the moov does not have.</summary>
    UnknownTrack,

    /// <summary>Samples that do not lie in the mdat after their moof.</summary>
    SampleOutsideMdat,

    /// <summary>A moov without a trak.</summary>
    NoTracks,

    /// <summary>A time, duration or timescale that the house's clock cannot hold.</summary>
    TimestampOutOfRange,

    /// <summary>A piece that does not follow the one before.</summary>
    RangeGap,

    /// <summary>A WebSocket message that is not binary.</summary>
    NotBinary,
}
