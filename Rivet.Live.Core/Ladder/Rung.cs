namespace Rivet.Live.Core.Ladder;

/// <summary>A rendition with the picture size that it has for one source.</summary>
internal readonly record struct Rung(Rendition Rendition, int Width, int Height);
