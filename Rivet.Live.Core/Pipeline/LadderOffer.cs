using Rivet.Live.Core.Drains;
using Rivet.Live.Core.Ladder;

namespace Rivet.Live.Core.Pipeline;

/// <summary>A ladder that broadcasts may begin with, and what makes its transcoders. A broadcast keeps the one that it began with.</summary>
/// <param name="Renditions">All that are configured; those above a source's height are left out for that source.</param>
/// <param name="Factories">One for each of them.</param>
internal sealed record LadderOffer(IReadOnlyList<Rendition> Renditions, IReadOnlyList<ITranscoderFactory> Factories);
