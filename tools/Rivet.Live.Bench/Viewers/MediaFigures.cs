namespace Rivet.Live.Bench.Viewers;

/// <summary>What the same part costs from several servers, in turns.</summary>
/// <param name="PartBytes">Its size.</param>
/// <param name="Sides">Ours first, then nginx, then bare Kestrel.</param>
/// <param name="AllocatedBytes">Managed memory per request of ours.</param>
/// <param name="BareAllocatedBytes">Of bare Kestrel.</param>
internal sealed record MediaFigures(int PartBytes, IReadOnlyList<MediaSide> Sides, double AllocatedBytes, double BareAllocatedBytes);
