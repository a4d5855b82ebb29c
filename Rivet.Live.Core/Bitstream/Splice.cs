namespace Rivet.Live.Core.Bitstream;

/// <summary>One thing that a splice_info_section of SCTE 35 says: where an ad break begins or ends.</summary>
/// <param name="Kind">What happens.</param>
/// <param name="Key">The same for a break's beginning and its end.</param>
/// <param name="PlannedSeconds">How long the break is to be; null where that is not said.</param>
internal readonly record struct Splice(SpliceKind Kind, string Key, double? PlannedSeconds);
