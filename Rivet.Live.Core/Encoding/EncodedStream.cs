using Rivet.Live.Core.Bitstream;
using Rivet.Live.Core.Buffers;
using Rivet.Live.Core.Media;

namespace Rivet.Live.Core.Encoding;

/// <summary>What encoders send becomes what MP4 stores, and what they say of it on the way is remembered.</summary>
/// <param name="settings">The encoder's.</param>
/// <param name="payloads">Lends the memory that samples are written to.</param>
internal sealed class EncodedStream(VideoEncoderSettings settings, PayloadPool payloads)
{
    /// <inheritdoc cref="IVideoEncoder.Track"/>
    public TrackDescription? Track { get; private set; }

    /// <inheritdoc cref="IVideoEncoder.Invariant"/>
    public CodecInvariant? Invariant { get; private set; }

    /// <summary>
    /// What an encoder says of its stream when it is opened, or, as libaom does, with its first picture alone. What stands in the stream is
    /// what decoders see, whatever was said outside of it.
    /// </summary>
    /// <exception cref="CodecException">A parameter set is missing or cannot be read.</exception>
    public void ReadHeaders(ReadOnlySpan<byte> headers)
    {
        try
        {
            Track ??= CodecConfiguration.Of(headers, settings).Describe(settings);
            Invariant = CodecInvariant.Of(settings.Codec, headers) ?? Invariant;
        }
        catch (InvalidDataException unreadable)
        {
            throw new CodecException(EncoderFault.Refused, unreadable.Message, unreadable);
        }
    }

    /// <summary>A coded picture as MP4 stores it.</summary>
    /// <param name="data">As it came out of the encoder.</param>
    /// <param name="isKeyframe">Headers stand in it.</param>
    /// <exception cref="CodecException">A parameter set is missing or cannot be read, or there is no picture in it.</exception>
    public PayloadHold Take(ReadOnlySpan<byte> data, bool isKeyframe)
    {
        if (isKeyframe)
        {
            ReadHeaders(data);
        }

        PayloadHold payload;
        if (settings.Codec == VideoCodec.Av1)
        {
            payload = payloads.Rent(RequireSome(Obus.MeasureSample(data)));
            Obus.WriteSample(data, payload.Writable.Span);
            return payload;
        }

        Func<ReadOnlySpan<byte>, bool> belongsInSample = settings.Codec == VideoCodec.H264 ? AvcUnits.BelongsInSample : HevcUnits.BelongsInSample;
        payload = payloads.Rent(RequireSome(NalUnits.MeasureSample(data, belongsInSample)));
        NalUnits.WriteSample(data, belongsInSample, payload.Writable.Span);
        return payload;
    }

    /// <summary>No encoder of ours leaves a picture out: one that does has failed, and players would stop at the hole.</summary>
    private static int RequireSome(int bytes) => bytes > 0 ? bytes : throw new CodecException("It gave a sample without a picture in it.");
}
