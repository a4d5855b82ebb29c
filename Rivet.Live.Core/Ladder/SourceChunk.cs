using Rivet.Live.Core.Media;

namespace Rivet.Live.Core.Ladder;

/// <summary>A chunk of the source of which every sample has come.</summary>
/// <param name="Start">Time of its first picture.</param>
/// <param name="End">Time of the first picture behind it, with which another chunk starts.</param>
internal readonly record struct SourceChunk(MediaTime Start, MediaTime End)
{
    public double Seconds => End.Seconds - Start.Seconds;
}
