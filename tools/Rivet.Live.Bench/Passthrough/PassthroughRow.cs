namespace Rivet.Live.Bench.Passthrough;

/// <summary>All measurements with so many broadcasts, pair by pair.</summary>
internal sealed record PassthroughRow(int Broadcasts, List<PassthroughFigures> Ours, List<PassthroughFigures> Ffmpeg);
