using Rivet.Live.Core.Buffers;

namespace Rivet.Live.Core.Encoding;

/// <summary>Finds out whether a device encodes, by having it encode a picture that nobody will see.</summary>
internal sealed class DeviceProbe(Codecs codecs)
{
    // Some encoders refuse pictures that are much smaller.
    private const int Width = 640;
    private const int Height = 360;

    /// <summary>Begins the labels of encoders that may fail: what a device cannot do is told once, by whoever asked.</summary>
    public const string TrialPrefix = "trial on ";

    private readonly PayloadPool _payloads = new();

    /// <summary>What went wrong with the first of its abilities, of which it must have one; null where it encodes.</summary>
    public EncoderFault? WhyNot(EncoderDevice device)
    {
        (VideoCodec codec, int bitDepth) = EncoderAbilities.Candidates.First(one => device.Abilities.Has(one.Codec, one.BitDepth));
        try
        {
            Encode(codec, bitDepth, settings => device.Open(settings, _payloads, $"probe {device.Id}"));
            return null;
        }
        catch (CodecException failed)
        {
            return failed.Fault;
        }
    }

    /// <summary>What a GPU encodes; may take seconds, or hang.</summary>
    public EncoderAbilities Learn(HardwareNode node)
    {
        List<(VideoCodec Codec, int BitDepth)> able = [];
        string? why = null;
        try
        {
            // Kept open, so that the encoders do not open the driver anew each time.
            using IDisposable device = node.Open();
            foreach ((VideoCodec codec, int bitDepth) in EncoderAbilities.Candidates)
            {
                if (WhyNot(node, codec, bitDepth) is { } refusal)
                {
                    why ??= refusal;
                    continue;
                }

                able.Add((codec, bitDepth));
            }
        }
        catch (CodecException closed)
        {
            why = closed.Message;
        }

        return able.Count > 0 ? EncoderAbilities.Of(able) : EncoderAbilities.None(why!);
    }

    /// <exception cref="CodecException">It does not encode, or gives nothing.</exception>
    private void Encode(VideoCodec codec, int bitDepth, Func<VideoEncoderSettings, IVideoEncoder> open)
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

        sample.Dispose();
    }

    private string? WhyNot(HardwareNode node, VideoCodec codec, int bitDepth)
    {
        try
        {
            Encode(codec, bitDepth, settings => codecs.OpenEncoder(settings.On(node), _payloads, TrialPrefix + node.Address));
            return null;
        }
        catch (CodecException failed)
        {
            return failed.Message;
        }
    }
}
