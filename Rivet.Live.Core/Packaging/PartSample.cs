using Rivet.Live.Core.Broadcast;
using Rivet.Live.Core.Media;

namespace Rivet.Live.Core.Packaging;

/// <summary>A sample that goes into a part.</summary>
/// <param name="Sample">Its times, which may have been changed since; its place in <paramref name="Source"/>, which may not.</param>
/// <param name="Source">Has the sample's bytes; held by the caller at least until the part is written.</param>
internal readonly record struct PartSample(Sample Sample, Fragment Source);
