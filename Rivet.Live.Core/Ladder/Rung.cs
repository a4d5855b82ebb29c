namespace Rivet.Live.Core.Ladder;

/// <summary>A rendition with the picture size that it has for one source.</summary>
/// <param name="Rendition">What was configured.</param>
/// <param name="Width">Even, of the source's shape.</param>
/// <param name="Height">Even.</param>
/// <param name="Above">The rung whose copy it is scaled from; -1 for the decoded picture.</param>
internal readonly record struct Rung(Rendition Rendition, int Width, int Height, int Above);
