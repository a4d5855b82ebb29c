using Rivet.Live.Core.Buffers;
using Rivet.Live.Core.Encoding;
using Rivet.Live.Core.Media;

namespace Rivet.Live.Core.Devices;

/// <summary>Encoders and decoders of a GPU, through libavcodec, and NVIDIA's encoders also without it.</summary>
internal sealed class HardwareBackend(Codecs codecs, HardwareNode node, CodecAbilities abilities, CodecAbilities decodes, EncodingSpeed? speed) : IEncoderBackend
{
    public HardwareNode Node => node;

    public string Vendor => node.Vendor;

    public string? Name => node.Name;

    public CodecAbilities Abilities => abilities;

    public CodecAbilities Decodes => decodes;

    /// <summary>How fast it encodes; null where it encodes nothing.</summary>
    public EncodingSpeed? Speed => speed;

    public string EncoderNameOf(VideoCodec codec) => VideoEncoderSettings.EncoderNameOf(codec, node);

    public IVideoEncoder Open(VideoEncoderSettings settings, PayloadPool payloads, string label) =>
        codecs.OpenEncoder(settings.On(node), payloads, label);

    public IVideoDecoder OpenDecoder(TrackDescription track, string label) => codecs.OpenDecoder(track, node, label);
}
