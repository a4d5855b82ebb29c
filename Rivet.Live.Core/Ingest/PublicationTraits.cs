namespace Rivet.Live.Core.Ingest;

/// <summary>What is known of a publication when it is judged.</summary>
/// <param name="Program">Which program publishes.</param>
/// <param name="SendsSegments">It sends whole objects, and not one long body.</param>
/// <param name="SegmentSeconds">Wanted duration of segments here.</param>
/// <param name="SecondsSinceInit">How long its tracks have been known; null before.</param>
/// <param name="Tracks">Its tracks.</param>
/// <param name="ClockOffsetSeconds">How far the encoder's clock is ahead of ours by prft; null where it sent none.</param>
/// <param name="Pace">Seconds of media for each second that passed; null while that may well be one.</param>
/// <param name="MessagesRefused">emsg boxes that no playlist has, since too many are listed.</param>
/// <param name="SecondsSinceFiller">When the encoder last said that it sends filler; null where it never did.</param>
/// <param name="LeftOut">Sample entries of its tracks that nobody gets; null where there are none.</param>
internal sealed record PublicationTraits(
    EncoderProgram Program,
    bool SendsSegments,
    double SegmentSeconds,
    double? SecondsSinceInit,
    IReadOnlyList<TrackTraits.Snapshot> Tracks,
    double? ClockOffsetSeconds,
    double? Pace,
    long MessagesRefused = 0,
    double? SecondsSinceFiller = null,
    IReadOnlyList<string>? LeftOut = null);
