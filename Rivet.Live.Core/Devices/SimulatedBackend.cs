using System.Diagnostics.CodeAnalysis;
using Rivet.Live.Core.Buffers;
using Rivet.Live.Core.Encoding;
using Rivet.Live.Core.Media;

namespace Rivet.Live.Core.Devices;

/// <summary>A device that is none: real bitstreams from the CPU, and whatever faults it is told to have.</summary>
internal sealed class SimulatedBackend(Codecs codecs, SimulatedDevice device, string name) : IEncoderBackend
{
    public string Vendor => device.Vendor;

    public string? Name => name;

    public CodecAbilities Abilities => device.Abilities;

    public CodecAbilities Decodes => device.Decodes;

    public string EncoderNameOf(VideoCodec codec) => VideoEncoderSettings.EncoderNameOf(codec, EncoderApi.Software);

    public IVideoEncoder Open(VideoEncoderSettings settings, PayloadPool payloads, string label)
    {
        SimulatedFaults faults = device.Faults;
        (string? profile, int losses) = faults.Opening(label);

        // A profile only forbids: the preset with the least work never uses what the higher ones allow.
        VideoEncoderSettings own = profile is null ? settings : settings with { Profile = profile, Preset = "veryfast" };
        try
        {
            return new SimulatedEncoder(codecs.OpenEncoder(own, payloads, label), faults, losses, settings, label);
        }
        catch
        {
            faults.Closed();
            throw;
        }
    }

    public IVideoDecoder OpenDecoder(TrackDescription track, string label)
    {
        int losses = device.Faults.OpeningDecoder(label);
        return new SimulatedDecoder(codecs.OpenDecoder(track, threads: 1, label), device.Faults, losses, label);
    }

    private sealed class SimulatedDecoder(VideoDecoder decoder, SimulatedFaults faults, int losses, string label) : IVideoDecoder
    {
        public void Send(ReadOnlySpan<byte> sample, long decodeTime, long presentationTime, bool isSync)
        {
            faults.Decoding(losses, label);
            decoder.Send(sample, decodeTime, presentationTime, isSync);
        }

        public bool TryReceive([NotNullWhen(true)] out Picture? picture) => decoder.TryReceive(out picture);

        public void Drain() => decoder.Drain();

        public void Reset() => decoder.Reset();

        public void Dispose()
        {
            decoder.Dispose();
            faults.DecoderClosed();
        }
    }

    private sealed class SimulatedEncoder(
        IVideoEncoder encoder, SimulatedFaults faults, int losses, VideoEncoderSettings settings, string label) : IVideoEncoder
    {
        private readonly double _pictureSeconds = (double)settings.FrameRate.Denominator / settings.FrameRate.Numerator;

        public Task Closed => encoder.Closed;

        public TrackDescription? Track => encoder.Track;

        public CodecInvariant? Invariant => encoder.Invariant;

        public void Send(Picture picture, bool forceKeyframe)
        {
            faults.Encoding(_pictureSeconds, settings.Width * settings.Height, losses, label);
            encoder.Send(picture, forceKeyframe);
        }

        public bool TryReceive([NotNullWhen(true)] out EncodedSample? sample) => encoder.TryReceive(out sample);

        public void Drain()
        {
            faults.Encoding(busySeconds: 0, pixels: 0, losses, label);
            encoder.Drain();
        }

        public void Dispose()
        {
            encoder.Dispose();
            faults.Closed();
        }
    }
}
