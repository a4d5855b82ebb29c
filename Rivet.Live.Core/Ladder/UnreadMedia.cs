using Rivet.Live.Core.Media;

namespace Rivet.Live.Core.Ladder;

/// <summary>What a rendition had not read when it stopped reading.</summary>
/// <param name="Pictures">How many.</param>
/// <param name="LastFragment">Number of the last fragment that is counted in them.</param>
/// <param name="End">Where they end; null where there are none.</param>
/// <param name="HasDiscontinuity">A discontinuity is among them.</param>
internal readonly record struct UnreadMedia(int Pictures, long LastFragment, MediaTime? End, bool HasDiscontinuity);
