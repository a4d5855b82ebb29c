namespace Rivet.Live.Core.Pipeline;

/// <summary>The newest still picture of a broadcast.</summary>
/// <param name="Jpeg">Its bytes.</param>
/// <param name="Number">Counted from 1 over the broadcast's life.</param>
internal sealed record Thumbnail(ReadOnlyMemory<byte> Jpeg, long Number);
