using Rivet.Live.Core.Buffers;

namespace Rivet.Live.Core.Encoding;

/// <summary>Encoders of a GPU, through libavcodec.</summary>
internal sealed class HardwareBackend(Codecs codecs, HardwareNode node, EncoderAbilities abilities) : IEncoderBackend
{
    public string Vendor => node.Vendor;

    public string? Name => node.Name;

    public EncoderAbilities Abilities => abilities;

    public string EncoderNameOf(VideoCodec codec) => VideoEncoderSettings.EncoderNameOf(codec, node.Api);

    public IVideoEncoder Open(VideoEncoderSettings settings, PayloadPool payloads, string label) =>
        codecs.OpenEncoder(settings.On(node), payloads, label);
}
