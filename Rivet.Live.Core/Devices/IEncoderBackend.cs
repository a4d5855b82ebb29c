using Rivet.Live.Core.Buffers;
using Rivet.Live.Core.Encoding;
using Rivet.Live.Core.Media;

namespace Rivet.Live.Core.Devices;

/// <summary>How one device's encoders and decoders are reached.</summary>
internal interface IEncoderBackend
{
    /// <summary>Who made it: <c>software</c>, <c>nvidia</c>, <c>intel</c>, <c>amd</c>.</summary>
    string Vendor { get; }

    /// <summary>For people; null where the system does not say.</summary>
    string? Name { get; }

    /// <summary>What its encoders can do; nothing else is asked of them.</summary>
    CodecAbilities Abilities { get; }

    /// <summary>What its decoders can do; nothing else is asked of them.</summary>
    CodecAbilities Decodes { get; }

    /// <summary>The name of the encoder that it has for a codec: FFmpeg's where that opens it.</summary>
    string EncoderNameOf(VideoCodec codec);

    /// <summary>Opens an encoder; may hang where hardware does.</summary>
    /// <exception cref="CodecException">It could not be opened; its fault says what follows from that.</exception>
    IVideoEncoder Open(VideoEncoderSettings settings, PayloadPool payloads, string label);

    /// <summary>Opens a decoder; may hang where hardware does.</summary>
    /// <exception cref="CodecException">It could not be opened; its fault says what follows from that.</exception>
    IVideoDecoder OpenDecoder(TrackDescription track, string label);
}
