using Microsoft.Extensions.Logging;
using Rivet.Live.Core.Broadcast;
using Rivet.Live.Core.Drains;
using Rivet.Live.Core.Encoding;
using Rivet.Live.Core.Media;

namespace Rivet.Live.Core.Ladder;

/// <summary>One rendition of a broadcast's ladder: takes pictures from the shared feed, encodes them, publishes them as a track.</summary>
/// <remarks>
/// One encoder stays open for the whole track; each picture's samples leave it at once. After an exception the encoder is rebuilt at a
/// chunk's start, later and later; when it keeps failing the rendition is given up and the others go on.
/// </remarks>
internal sealed partial class LadderTranscoder : ITranscoder
{
    /// <summary>Encoders that fail one after the other before the rendition is given up.</summary>
    private const int FailuresMax = 5;

    private readonly Rendition _rendition;
    private readonly TranscoderContext _context;
    private readonly PictureFeed _feed;
    private readonly FeedReader _reader;
    private readonly EncoderFactory _encoders;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly FrameRateCap _cap;
    private readonly Queue<(LadderPicture Picture, int Ticks)> _inEncoder = new();
    private VideoEncoder? _encoder;
    private TrackDescription? _track;
    private FragmentBroadcaster? _output;
    private bool _marksDiscontinuity;
    private int _failures;
    private int _chunksToWait;

    public LadderTranscoder(
        Rendition rendition, TranscoderContext context, PictureFeed feed, EncoderFactory encoders, TimeProvider time, ILogger logger)
    {
        _rendition = rendition;
        _context = context;
        _feed = feed;
        _encoders = encoders;
        _time = time;
        _logger = logger;
        _cap = new FrameRateCap(rendition.MaxFrameRate);
        _reader = feed.Join(rendition.Name);
        context.Progress.ConfiguredBitrateBps = rendition.VideoBitrateBps;
    }

    public void Start(TrackDescription track)
    {
    }

    public void Accept(Fragment fragment)
    {
        if (!fragment.IsAbsence)
        {
            _feed.Offer(fragment);
        }

        EncodeAll();
        if (fragment.IsAbsence && _output is not null)
        {
            _output.Publish(Fragment.Absence(_track!, fragment.Start, fragment.End, fragment.ReceivedAt));
        }
    }

    public void Stop()
    {
        _feed.Complete();
        EncodeAll();
        if (_encoder is not null)
        {
            _encoder.Drain();
            Publish();
        }
    }

    public void Dispose()
    {
        _reader.Dispose();
        _encoder?.Dispose();
        if (_output is not null)
        {
            _context.Registry.Remove(_output);
        }
    }

    private void EncodeAll()
    {
        while (_feed.RungOf(_reader) is { } rung && _reader.Next() is { } picture)
        {
            _context.Progress.CountDecoded();
            _context.Progress.SetFeedDrops(_reader.Dropped);

            // Also where this very picture is not encoded: the next one that is does not continue either.
            _marksDiscontinuity |= _reader.IsBehindDiscontinuity;
            if (_failures >= FailuresMax || !_cap.Keeps(picture) || !EncoderIsReady(picture, rung))
            {
                picture.Pass(_reader.Rung);
                _context.Progress.CountDropped(1);
                continue;
            }

            Encode(picture, rung);
        }
    }

    /// <summary>True where an encoder is open, or may be opened with this picture: only at a chunk's start, and not too soon after a failure.</summary>
    private bool EncoderIsReady(LadderPicture picture, Rung rung)
    {
        if (_encoder is not null)
        {
            return true;
        }

        return picture.StartsChunk && --_chunksToWait < 0 && rung.Width > 0;
    }

    private void Encode(LadderPicture picture, Rung rung)
    {
        try
        {
            long began = _time.GetTimestamp();
            using (Picture copy = picture.Take(_reader.Rung))
            {
                CloseIfTimescaleChanged(picture);
                _encoder ??= Open(picture, copy, rung);
                _inEncoder.Enqueue((picture, _cap.TicksOf(picture)));
                _encoder.Send(copy, picture.StartsChunk || picture.IsDiscontinuity);
            }

            Publish();
            _context.Progress.CountWork(
                (double)picture.Timing.Duration / picture.Source.Timescale, _time.GetElapsedTime(began).TotalSeconds);
            _failures = 0;
        }
        catch
        {
            Fail(picture);
            throw;
        }
    }

    /// <summary>A publisher that came back may count in other ticks; an encoder counts in one kind for all its life.</summary>
    private void CloseIfTimescaleChanged(LadderPicture picture)
    {
        if (_encoder is null || _track!.Timescale == picture.Source.Timescale)
        {
            return;
        }

        _encoder.Drain();
        Publish();
        _encoder.Dispose();
        _encoder = null;
        _marksDiscontinuity = true;
    }

    private VideoEncoder Open(LadderPicture picture, Picture copy, Rung rung)
    {
        if (_reader.Rung > 0)
        {
            // The largest rendition's encoder is the longest work, and all others wait for it in the end.
            Codecs.YieldThread();
        }

        VideoEncoder encoder = _encoders.Open(_rendition, rung, picture, copy, $"{_context.Source.Key.Broadcast} {_rendition.Name} encode");
        if (_track is null || !_track.IsSameStreamAs(encoder.Track))
        {
            _marksDiscontinuity |= _track is not null;
            _track = encoder.Track;
        }

        _context.Progress.Encoder = "libx264";
        _context.Progress.Device = "cpu";
        _context.Progress.Track = _track;
        return encoder;
    }

    private void Publish()
    {
        while (_encoder!.TryReceive(out EncodedSample? sample))
        {
            (LadderPicture picture, int ticks) = _inEncoder.Dequeue();
            RequireSameTime(picture, sample);
            if (picture.StartsChunk)
            {
                _context.Progress.CountChunk();
            }

            var coded = new Sample(sample.PresentationTime, 0, ticks, sample.IsKeyframe, 0, sample.Payload.Memory.Length);
            _output ??= _context.Registry.GetOrCreate(
                new TrackKey(_context.Source.Key.Broadcast, _rendition.Name),
                TrackKind.Video,
                _context.Source.Session,
                _rendition.Name,
                _track);
            _output.Publish(new Fragment(_track!, [coded], sample.Payload, picture.Timing.ReceivedAt) { IsDiscontinuity = _marksDiscontinuity });
            _marksDiscontinuity = false;
            Count(picture, coded);
        }
    }

    private void Count(LadderPicture picture, in Sample coded)
    {
        RenditionProgress progress = _context.Progress;
        progress.State = RenditionState.Running;
        progress.CountEncoded(coded.Bytes);
        progress.PublishedTo(new MediaTime(coded.DecodeEnd, picture.Source.Timescale));
        progress.Bitrate.Add((double)coded.Duration / picture.Source.Timescale, coded.Bytes);
        progress.IngestToPublishMilliseconds.Add(_time.GetElapsedTime(picture.Timing.ReceivedAt).TotalMilliseconds);
    }

    /// <summary>Rule 1: a rendition carries the source picture's time; an encoder that reorders or renumbers must not go unnoticed.</summary>
    private static void RequireSameTime(LadderPicture picture, EncodedSample sample)
    {
        if (picture.PresentationTime != sample.PresentationTime)
        {
            sample.Payload.Dispose();
            throw new InvalidOperationException(
                $"The encoder gave back the picture of time {sample.PresentationTime} where {picture.PresentationTime} was due.");
        }
    }

    private void Fail(LadderPicture picture)
    {
        _encoder?.Dispose();
        _encoder = null;
        _context.Progress.CountDropped(Math.Max(1, _inEncoder.Count));
        _inEncoder.Clear();
        _failures++;
        _chunksToWait = (1 << (_failures - 1)) - 1;
        _context.Progress.CountEncoderRestart();
        _context.Progress.State = _failures < FailuresMax ? RenditionState.Degraded : RenditionState.Failed;
        if (_failures == FailuresMax)
        {
            LogGivenUp(_logger, _context.Source.Key.Broadcast, _rendition.Name, FailuresMax, picture.PresentationTime);
        }
    }

    [LoggerMessage(3001, LogLevel.Error,
        "{Broadcast}: rendition {Rendition} is given up after {Failures} encoder failures in a row, the last at time {Time}; the others go on.")]
    private static partial void LogGivenUp(ILogger logger, BroadcastId broadcast, string rendition, int failures, long time);
}
