using System.Globalization;
using Rivet.Live.Core.Media;

namespace Rivet.Live.Core.Demuxing;

/// <summary>A traf whose samples are known and whose bytes have yet to arrive; or a moov's track that has samples in its own tables.</summary>
/// <param name="Track">Whose samples.</param>
/// <param name="Samples">At least one; their offsets count from the moof, or the moov.</param>
/// <param name="TrafIndex">Which traf of the moof, for error texts; <see cref="OfMoov"/> where it is none.</param>
/// <param name="Offset">Where in the body the traf or trak begins, for error texts.</param>
internal readonly record struct PendingFragment(IngestTrackState Track, ArraySegment<Sample> Samples, int TrafIndex, long Offset)
{
    public const int OfMoov = -1;

    /// <summary>When the first of its pictures is shown, on the publisher's clock.</summary>
    public MediaTime FirstShown => new(Samples.Min(static sample => sample.PresentationTime), Track.Description.Timescale);

    /// <summary>The box that declares them.</summary>
    public string Path => TrafIndex == OfMoov ? "moov/trak" : string.Create(CultureInfo.InvariantCulture, $"moof/traf[{TrafIndex}]");
}
