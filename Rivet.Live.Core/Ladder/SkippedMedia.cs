using Rivet.Live.Core.Media;

namespace Rivet.Live.Core.Ladder;

/// <summary>Whole chunks that a rendition leaves out, since it cannot keep up.</summary>
/// <param name="From">Time of the first picture left out.</param>
/// <param name="Until">Time of the keyframe it goes on with.</param>
/// <param name="Pictures">How many are left out.</param>
/// <param name="HasDiscontinuity">A discontinuity is among them.</param>
internal readonly record struct SkippedMedia(MediaTime From, MediaTime Until, int Pictures, bool HasDiscontinuity);
