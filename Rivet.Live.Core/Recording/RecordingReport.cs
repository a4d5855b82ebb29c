namespace Rivet.Live.Core.Recording;

/// <summary>What is known of one recording's file at a moment.</summary>
/// <param name="Name">The rendition, <c>source</c>, or <c>audio</c>.</param>
/// <param name="File">Where it lies, from the recordings' folder on.</param>
/// <param name="State">Where it is in its life.</param>
/// <param name="Seconds">Where its picture ends, gaps included.</param>
/// <param name="Bytes">Size so far.</param>
/// <param name="Gaps">How often picture or sound is missing.</param>
/// <param name="GapSeconds">How much of both together.</param>
/// <param name="FragmentsSkipped">What the disk was too slow for.</param>
internal sealed record RecordingReport(
    string Name, string File, RecordingState State, double Seconds, long Bytes, long Gaps, double GapSeconds, long FragmentsSkipped);
