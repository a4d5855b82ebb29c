using Rivet.Live.Core.Native.Nvenc;

namespace Rivet.Live.Core.Encoding.Nvenc;

/// <summary>What NVENC is told of the bits that it may spend.</summary>
internal static class NvencRate
{
    /// <summary>Writes NV_ENC_RC_PARAMS: nothing looked ahead at, nothing reordered, one pass.</summary>
    public static void Apply(NvencView view, VideoEncoderSettings settings)
    {
        view.Set("enableLookahead", 0);
        view.Set("lookaheadDepth", 0);
        view.Set("zeroReorderDelay", 1);
        view.Set("multiPass", 0);
        if (settings.ConstantQuantizer is { } quantizer)
        {
            view.Set("rateControlMode", NvencIds.ConstantQuantizer);
            Span<byte> quantizers = view.BytesOf("constQP");
            for (int kind = 0; kind < quantizers.Length; kind += sizeof(int))
            {
                BitConverter.TryWriteBytes(quantizers[kind..], quantizer);
            }

            view.Set("averageBitRate", 0);
            view.Set("maxBitRate", 0);
            view.Set("vbvBufferSize", 0);
            view.Set("vbvInitialDelay", 0);
            return;
        }

        // With a quality to aim at, an average would make it spend that instead.
        int buffer = checked((int)(settings.BitrateBps * settings.BufferSeconds));
        view.Set("rateControlMode", settings.Quality is null ? NvencIds.ConstantBitrate : NvencIds.VariableBitrate);
        view.Set("averageBitRate", settings.Quality is null ? settings.BitrateBps : 0);
        view.Set("maxBitRate", settings.BitrateBps);
        view.Set("vbvBufferSize", buffer);
        view.Set("vbvInitialDelay", buffer);
        view.Set("targetQuality", settings.Quality ?? 0);
        view.Set("targetQualityLSB", 0);
    }
}
