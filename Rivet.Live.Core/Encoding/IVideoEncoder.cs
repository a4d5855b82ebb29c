using System.Diagnostics.CodeAnalysis;
using Rivet.Live.Core.Media;

namespace Rivet.Live.Core.Encoding;

/// <summary>An open encoder: pictures in, samples out, one for each, in the same order. For one caller at a time.</summary>
/// <remarks>Disposing never waits; samples that were not received are lost.</remarks>
internal interface IVideoEncoder : IDisposable
{
    /// <summary>Completes, after disposing, when the device's own encoder is closed: where a device hangs, when it does so no longer.</summary>
    Task Closed { get; }

    /// <summary>The rendition's init, from the parameter sets that the encoder really uses; known with the first sample at the latest.</summary>
    TrackDescription? Track { get; }

    /// <summary>What decoders were promised of its stream; all encoders of a rendition have the same. Known with the first sample at the latest.</summary>
    CodecInvariant? Invariant { get; }

    /// <summary>Hands one picture in; the caller keeps its hold. Its time must be later than that of the picture before.</summary>
    /// <param name="picture">Planar 4:2:0 of the encoder's size and depth.</param>
    /// <param name="forceKeyframe">Make it an IDR picture. The first one is one in any case.</param>
    /// <exception cref="CodecException">The encoder failed.</exception>
    void Send(Picture picture, bool forceKeyframe);

    /// <summary>Takes the next sample in decode order, as far as one is ready.</summary>
    /// <exception cref="CodecException">The encoder failed.</exception>
    bool TryReceive([NotNullWhen(true)] out EncodedSample? sample);

    /// <summary>Says that no more pictures come: <see cref="TryReceive"/> gives what is left. Nothing can be sent after it.</summary>
    /// <exception cref="CodecException">The encoder failed.</exception>
    void Drain();
}
