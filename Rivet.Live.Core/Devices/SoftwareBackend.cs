using Rivet.Live.Core.Buffers;
using Rivet.Live.Core.Encoding;
using Rivet.Live.Core.Media;

namespace Rivet.Live.Core.Devices;

/// <summary>Encoders that run on the CPU.</summary>
internal sealed class SoftwareBackend(Codecs codecs) : IEncoderBackend
{
    public const string SoftwareVendor = "software";

    public string Vendor => SoftwareVendor;

    public string? Name => Processor.Name;

    /// <summary>What is missing here is told at start, with the package that has it.</summary>
    public CodecAbilities Abilities => CodecAbilities.All;

    public CodecAbilities Decodes => CodecAbilities.All;

    public string EncoderNameOf(VideoCodec codec) => VideoEncoderSettings.EncoderNameOf(codec, EncoderApi.Software);

    public IVideoEncoder Open(VideoEncoderSettings settings, PayloadPool payloads, string label) => codecs.OpenEncoder(settings, payloads, label);

    public IVideoDecoder OpenDecoder(TrackDescription track, string label) => codecs.OpenDecoder(track, threads: 1, label);
}
