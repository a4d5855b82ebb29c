namespace Rivet.Live.Core.Media;

/// <summary>Values that half, 95 % and 99 % of all values are not above, in the unit of what was measured.</summary>
internal readonly record struct Percentiles(double P50, double P95, double P99);
