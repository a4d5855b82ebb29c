using Rivet.Live.Core.Buffers;
using Rivet.Live.Core.Encoding;
using Rivet.Live.Core.Media;

namespace Rivet.Live.Core.Devices;

/// <summary>Finds out whether a device encodes, by having it encode pictures that nobody will see: NVIDIA's output is decoded again and compared, of others a sample is enough.</summary>
internal sealed class DeviceProbe(Codecs codecs)
{
    // Some encoders refuse pictures that are much smaller.
    private const int Width = 640;
    private const int Height = 360;

    /// <summary>Enough for a keyframe, one that is asked for, and a picture behind it.</summary>
    private const int ComparedPictures = 3;

    private readonly PayloadPool _payloads = new();

    /// <summary>What went wrong with the first of its abilities, of which it must have one; null where it encodes.</summary>
    public EncoderFault? WhyNot(EncoderDevice device)
    {
        (VideoCodec codec, int bitDepth) = CodecAbilities.Candidates.First(one => device.Abilities.Has(one.Codec, one.BitDepth));
        try
        {
            Try((device.Backend as HardwareBackend)?.Node, codec, bitDepth, settings => device.Open(settings, _payloads, $"probe {device.Id}"));
            return null;
        }
        catch (CodecException failed)
        {
            return failed.Fault;
        }
    }

    /// <inheritdoc cref="WhyNot(EncoderDevice)"/>
    public Task<EncoderFault?> WhyNotAsync(EncoderDevice device, CancellationToken stopped) => Task.Run(() => WhyNot(device), stopped);

    /// <summary>What a GPU encodes; may take seconds, or hang.</summary>
    public CodecAbilities Learn(HardwareNode node) => Learn(node, (codec, bitDepth) => WhyNot(
        () => Try(node, codec, bitDepth, settings => codecs.OpenEncoder(settings.On(node), _payloads, FFmpegLog.TrialPrefix + node.Address))));

    /// <summary>What a GPU decodes of what this machine can encode to try it with; may take seconds, or hang.</summary>
    public CodecAbilities LearnDecoding(HardwareNode node) => Learn(node.ForDecoding, (codec, bitDepth) => WhyNot(() => Decode(node, codec, bitDepth)));

    /// <summary>How fast a GPU encodes what it was found to encode; may take seconds, or hang.</summary>
    /// <exception cref="CodecException">It encoded one picture, and not these.</exception>
    public EncodingSpeed LearnSpeed(HardwareNode node, CodecAbilities abilities)
    {
        using IDisposable device = codecs.Hold(node);
        (VideoCodec codec, _) = CodecAbilities.Candidates.First(one => abilities.Has(one.Codec, one.BitDepth));
        return EncodingSpeed.Measure(codec, codecs, settings => codecs.OpenEncoder(settings.On(node), _payloads, FFmpegLog.TrialPrefix + node.Address));
    }

    private CodecAbilities Learn(HardwareNode node, Func<VideoCodec, int, CodecException?> whyNot)
    {
        List<(VideoCodec Codec, int BitDepth)> able = [];
        List<string> wrong = [];
        string? why = null;
        try
        {
            // Kept open, so that what is tried does not open the driver anew each time.
            using IDisposable device = codecs.Hold(node);
            foreach ((VideoCodec codec, int bitDepth) in CodecAbilities.Candidates)
            {
                if (whyNot(codec, bitDepth) is { } refusal)
                {
                    why ??= refusal.Message;
                    if (refusal.Fault == EncoderFault.Wrong)
                    {
                        wrong.Add($"{VideoEncoderSettings.EncoderNameOf(codec, node)}{(bitDepth == 8 ? "" : $" {bitDepth}-bit")}: {refusal.Message}");
                    }

                    continue;
                }

                able.Add((codec, bitDepth));
            }
        }
        catch (CodecException closed)
        {
            why = closed.Message;
        }

        return able.Count > 0 ? CodecAbilities.Of(able) with { Wrong = wrong } : CodecAbilities.None(why!);
    }

    private static CodecException? WhyNot(Action trial)
    {
        try
        {
            trial();
            return null;
        }
        catch (CodecException failed)
        {
            return failed;
        }
    }

    /// <param name="node">The GPU; null for what is none.</param>
    /// <param name="codec">What to encode as.</param>
    /// <param name="bitDepth">8 or 10.</param>
    /// <param name="open">Opens the encoder.</param>
    /// <exception cref="CodecException">It does not encode, or wrongly.</exception>
    private void Try(HardwareNode? node, VideoCodec codec, int bitDepth, Func<VideoEncoderSettings, IVideoEncoder> open)
    {
        if (node?.Api == EncoderApi.Nvenc)
        {
            new EncoderSelfTest(codecs).Run(EncoderSelfTest.SettingsOf(codec, bitDepth), ComparedPictures, open);
        }
        else
        {
            Encode(codec, bitDepth, open);
        }
    }

    /// <exception cref="CodecException">It does not encode, or gives nothing.</exception>
    private void Encode(VideoCodec codec, int bitDepth, Func<VideoEncoderSettings, IVideoEncoder> open, Action<TrackDescription, EncodedSample>? use = null)
    {
        VideoEncoderSettings settings = new()
        {
            Codec = codec,
            Width = Width,
            Height = Height,
            BitDepth = bitDepth,
            Timescale = 30,
            FrameRate = (30, 1),
            BitrateBps = 400_000,
        };
        using IVideoEncoder encoder = open(settings);
        using Picture picture = codecs.DrawPicture(Width, Height, presentationTime: 0, bitDepth);
        encoder.Send(picture, forceKeyframe: true);
        encoder.Drain();
        if (!encoder.TryReceive(out EncodedSample? sample))
        {
            throw new CodecException("It took a picture and gave no sample.");
        }

        using (sample)
        {
            use?.Invoke(encoder.Track!, sample);
        }
    }

    /// <exception cref="CodecException">It does not decode.</exception>
    private void Decode(HardwareNode node, VideoCodec codec, int bitDepth)
    {
        string label = FFmpegLog.TrialPrefix + node.Address;
        Encode(codec, bitDepth, settings => codecs.OpenEncoder(settings, _payloads, label), (track, sample) =>
        {
            using VideoDecoder decoder = codecs.OpenDecoder(track, node, label);
            decoder.Send(sample.Payload.Memory.Span, 0, 0, isSync: true);
            decoder.Drain();
            if (!decoder.TryReceive(out Picture? picture))
            {
                throw new CodecException("It took a sample and gave no picture.");
            }

            picture.Dispose();
        });
    }
}
