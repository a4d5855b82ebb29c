using Rivet.Live.Core.Encoding;
using Rivet.Live.Core.Media;

namespace Rivet.Live.Core.Devices;

/// <summary>What a rendition asks the pool for.</summary>
/// <param name="Broadcast">Whose rendition it is.</param>
/// <param name="Rendition">Its name.</param>
/// <param name="Codec">What it is encoded as.</param>
/// <param name="BitDepth">Of its pictures.</param>
/// <param name="PixelsPerSecond">What encoding it in real time costs, see <see cref="EncodingCost.Of"/>.</param>
internal sealed record EncoderNeed(BroadcastId Broadcast, string Rendition, VideoCodec Codec, int BitDepth, double PixelsPerSecond)
{
    /// <summary>Devices that cannot serve this rendition: they refused it, or their stream does not agree with it.</summary>
    public IReadOnlyCollection<EncoderDevice> Retired { get; init; } = [];

    /// <summary>The device that failed last: taken only where no other has room.</summary>
    public EncoderDevice? Avoided { get; init; }

    /// <summary>The CPU will do even where the policy names other devices.</summary>
    public bool MayFallBack { get; init; }
}
