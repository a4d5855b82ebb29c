using System.Diagnostics;

namespace Rivet.Live.Core.Demuxing;

/// <summary>The one place that gives each <see cref="IngestRejectReason"/> its word and its HTTP status.</summary>
internal static class IngestRejectReasonText
{
    /// <summary>Stable kebab-case word for problems, logs and metrics.</summary>
    public static string Word(this IngestRejectReason reason) => Describe(reason).Word;

    /// <summary>What the publisher's request is answered with.</summary>
    public static int HttpStatus(this IngestRejectReason reason) => Describe(reason).Status;

    private static (string Word, int Status) Describe(IngestRejectReason reason) => reason switch
    {
        IngestRejectReason.NotIsoBmff => ("not-iso-bmff", 415),
        IngestRejectReason.MalformedBox => ("malformed-box", 400),
        IngestRejectReason.BoxTooLarge => ("box-too-large", 413),
        IngestRejectReason.FragmentTooLarge => ("fragment-too-large", 413),
        IngestRejectReason.TooManyTracks => ("too-many-tracks", 413),
        IngestRejectReason.NotFragmented => ("not-fragmented", 400),
        IngestRejectReason.UnsupportedCodec => ("unsupported-codec", 415),
        IngestRejectReason.MediaBeforeInit => ("media-before-init", 412),
        IngestRejectReason.UnknownTrack => ("unknown-track", 400),
        IngestRejectReason.SampleOutsideMdat => ("sample-outside-mdat", 400),
        IngestRejectReason.NoTracks => ("no-tracks", 400),
        IngestRejectReason.TimestampOutOfRange => ("timestamp-out-of-range", 400),
        IngestRejectReason.RangeGap => ("range-gap", 400),
        IngestRejectReason.NotBinary => ("not-binary", 415),
        _ => throw new UnreachableException($"{reason} has no word and status; add it to this switch."),
    };
}
