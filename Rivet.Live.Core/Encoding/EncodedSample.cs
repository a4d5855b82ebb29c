using Rivet.Live.Core.Buffers;

namespace Rivet.Live.Core.Encoding;

/// <summary>One sample as an encoder gave it, length-prefixed and ready for MP4. Holds its bytes until disposed.</summary>
/// <param name="PresentationTime">The picture's own time, in ticks of the encoder's timescale.</param>
/// <param name="DecodeTime">Equal to <paramref name="PresentationTime"/>: there are no B pictures.</param>
/// <param name="IsKeyframe">True for an IDR picture.</param>
/// <param name="Payload">The bytes; whoever received the sample disposes it or passes this hold on.</param>
internal sealed record EncodedSample(long PresentationTime, long DecodeTime, bool IsKeyframe, PayloadHold Payload) : IDisposable
{
    public void Dispose() => Payload.Dispose();
}
