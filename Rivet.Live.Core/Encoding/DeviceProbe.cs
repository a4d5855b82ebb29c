using Rivet.Live.Core.Buffers;

namespace Rivet.Live.Core.Encoding;

/// <summary>Finds out whether a device encodes, by having it encode a picture that nobody will see.</summary>
internal sealed class DeviceProbe(Codecs codecs)
{
    private const int Width = 320;
    private const int Height = 180;

    private readonly PayloadPool _payloads = new();

    /// <summary>What went wrong; null where it encodes.</summary>
    public EncoderFault? WhyNot(EncoderDevice device)
    {
        VideoEncoderSettings settings = new() { Width = Width, Height = Height, Timescale = 30, FrameRate = (30, 1), BitrateBps = 400_000 };
        try
        {
            using IVideoEncoder encoder = device.Open(settings, _payloads, $"probe {device.Id}");
            using Picture picture = codecs.DrawPicture(Width, Height, presentationTime: 0);
            encoder.Send(picture, forceKeyframe: true);
            encoder.Drain();
            if (!encoder.TryReceive(out EncodedSample? sample))
            {
                return EncoderFault.Failed;
            }

            sample.Dispose();
            return null;
        }
        catch (CodecException failed)
        {
            return failed.Fault;
        }
    }
}
