using System.Diagnostics.CodeAnalysis;
using Rivet.Live.Core.Media;
using Rivet.Live.Core.Native;

namespace Rivet.Live.Core.Encoding;

/// <summary>Turns a video track's samples into pictures. For one caller at a time.</summary>
/// <remarks>
/// After damage it stays usable: the calls that met it throw, and pictures are right again from the next keyframe on. H.264's own
/// reordering is kept (no low-delay flag), so a stream with B pictures comes out in presentation order; one without has no delay.
/// </remarks>
internal sealed class VideoDecoder : IVideoDecoder
{
    private readonly FFmpegLibrary _library;
    private readonly AVCodecContextHandle _context;
    private readonly AVPacketHandle _packet = AVPacketHandle.Allocate();
    private readonly PictureDownload? _download;
    private readonly Queue<Picture> _ready = new();
    private bool _draining;
    private bool _endIsSent;

    private VideoDecoder(FFmpegLibrary library, AVCodecContextHandle context, PictureDownload? download = null)
    {
        _library = library;
        _context = context;
        _download = download;
    }

    /// <summary>Opens the decoder that a track needs.</summary>
    /// <param name="library">The loaded FFmpeg.</param>
    /// <param name="track">Its sample entry names the codec, its configuration is the decoder's.</param>
    /// <param name="threads">Decoding threads; 0 lets FFmpeg choose.</param>
    /// <param name="label">What errors and logs call it, for example <c>live/demo decode</c>.</param>
    /// <param name="frameThreads">Decode several pictures at once: more throughput, one picture of delay per thread. Otherwise only slices.</param>
    /// <exception cref="CodecException">The codec is unknown here, or its configuration makes no sense to the decoder.</exception>
    public static VideoDecoder Open(FFmpegLibrary library, TrackDescription track, int threads, string label, bool frameThreads = false)
    {
        string[] names = NamesFor(track.SampleEntryType);
        AVCodecContextHandle? context = null;
        try
        {
            context = AVCodecContextHandle.ForDecoder(library, names, label);
            context.ThreadCount = threads;
            context.ThreadType = frameThreads ? AvCodecFunctions.FF_THREAD_FRAME | AvCodecFunctions.FF_THREAD_SLICE : AvCodecFunctions.FF_THREAD_SLICE;
            context.SetPacketTimeBase(track.Timescale);
            context.SetExtradata(track.CodecConfiguration.Span);
            if (track.SampleEntryType == "av01" && !frameThreads)
            {
                // dav1d works on several pictures at once unless told not to; AV1 has no reordering that this could break.
                context.Flags |= AvCodecFunctions.AV_CODEC_FLAG_LOW_DELAY;
            }

            context.Open();
            return new VideoDecoder(library, context);
        }
        catch (FFmpegException failed)
        {
            context?.Dispose();
            throw CodecException.Of(failed);
        }
    }

    /// <summary>Opens the decoder that a track needs on a GPU, whose pictures come into memory.</summary>
    /// <param name="library">The loaded FFmpeg.</param>
    /// <param name="track">As for the CPU.</param>
    /// <param name="device">Given up by the caller afterwards: the decoder has a reference of its own.</param>
    /// <param name="label">What errors and logs call it.</param>
    /// <exception cref="CodecException">The device, or this FFmpeg, has no such decoder.</exception>
    public static VideoDecoder Open(FFmpegLibrary library, TrackDescription track, AVHWDeviceContextHandle device, string label)
    {
        AVCodecContextHandle? context = null;
        try
        {
            // Libraries for AV1 decode on the CPU only.
            context = AVCodecContextHandle.ForDecoder(library, [NamesFor(track.SampleEntryType)[^1]], label);
            context.ThreadCount = 1;
            context.SetPacketTimeBase(track.Timescale);
            context.SetExtradata(track.CodecConfiguration.Span);
            context.SetHardwareDevice(device);
            context.Open();
            return new VideoDecoder(library, context, new PictureDownload(library.Offsets));
        }
        catch (FFmpegException failed)
        {
            context?.Dispose();
            throw CodecException.OfOpening(failed, node: null);
        }
    }

    /// <summary>True where a decoder for this sample entry is known and installed.</summary>
    public static bool CanDecode(string sampleEntryType) =>
        TryNamesFor(sampleEntryType, out string[]? names) && names.Any(static name => AvCodecFunctions.avcodec_find_decoder_by_name(name) != 0);

    public void Send(ReadOnlySpan<byte> sample, long decodeTime, long presentationTime, bool isSync)
    {
        ArgumentOutOfRangeException.ThrowIfZero(sample.Length, nameof(sample));
        FFmpegException? lost = null;
        if (_draining)
        {
            CollectReady(ref lost);
            Flush();
        }

        _packet.Fill(sample, decodeTime, presentationTime, isSync);
        try
        {
            // A full decoder takes the sample once its pictures are out; it never says no to both.
            while (AVCodecQueue.Send(_context, _packet) == AVCodecAnswer.NotNow)
            {
                CollectReady(ref lost);
            }
        }
        catch (FFmpegException refused)
        {
            lost ??= refused;
        }
        finally
        {
            _packet.Clear();
        }

        if (lost is not null)
        {
            throw CodecException.Of(lost);
        }
    }

    public bool TryReceive([NotNullWhen(true)] out Picture? picture)
    {
        try
        {
            return _ready.TryDequeue(out picture) || TryDecode(out picture);
        }
        catch (FFmpegException lost)
        {
            throw CodecException.Of(lost);
        }
    }

    public void Drain() => _draining = true;

    public void Reset()
    {
        DropReady();
        Flush();
    }

    public void Dispose()
    {
        DropReady();
        _download?.Dispose();
        _packet.Dispose();
        _context.Dispose();
    }

    private static string[] NamesFor(string sampleEntryType) => TryNamesFor(sampleEntryType, out string[]? names)
        ? names
        : throw new NotSupportedException($"Sample entry '{sampleEntryType}' cannot be decoded; avc1, avc3, hvc1, hev1, av01, vp09 and vp08 can.");

    // By name: FFmpeg's codec numbers changed between releases.
    private static bool TryNamesFor(string sampleEntryType, [NotNullWhen(true)] out string[]? names)
    {
        names = sampleEntryType switch
        {
            "avc1" or "avc3" => ["h264"],
            "hvc1" or "hev1" => ["hevc"],
            "av01" => ["libdav1d", "libaom-av1", "av1"],
            "vp09" => ["vp9"],
            "vp08" => ["vp8"],
            _ => null,
        };
        return names is not null;
    }

    private void Flush()
    {
        AVCodecQueue.Flush(_context);
        _draining = _endIsSent = false;
    }

    private bool TryDecode([NotNullWhen(true)] out Picture? picture)
    {
        AVFrameHandle frame = AVFrameHandle.Allocate(_library.Offsets);
        bool isHandedOn = false;
        try
        {
            AVCodecAnswer answer = AVCodecQueue.Receive(_context, frame);
            if (answer == AVCodecAnswer.NotNow && _draining && !_endIsSent)
            {
                // Only now: the end of stream overtakes a sample that still waits inside, and it would be lost.
                _endIsSent = true;
                _ = AVCodecQueue.EndOfSamples(_context);
                answer = AVCodecQueue.Receive(_context, frame);
            }

            if (answer != AVCodecAnswer.Done)
            {
                picture = null;
                return false;
            }

            long time = frame.Pts == AvUtilFunctions.AV_NOPTS_VALUE ? frame.BestEffortTimestamp : frame.Pts;
            picture = new Picture(_download?.Take(frame) ?? frame, time);
            isHandedOn = _download is null;
            return true;
        }
        finally
        {
            if (!isHandedOn)
            {
                frame.Dispose();
            }
        }
    }

    private void CollectReady(ref FFmpegException? lost)
    {
        while (true)
        {
            try
            {
                if (!TryDecode(out Picture? picture))
                {
                    return;
                }

                _ready.Enqueue(picture);
            }
            catch (FFmpegException error) when (error.IsInvalidData)
            {
                lost ??= error;
            }
        }
    }

    private void DropReady()
    {
        while (_ready.TryDequeue(out Picture? picture))
        {
            picture.Dispose();
        }
    }
}
