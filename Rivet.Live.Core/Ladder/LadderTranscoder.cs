using Microsoft.Extensions.Logging;
using Rivet.Live.Core.Broadcast;
using Rivet.Live.Core.Drains;
using Rivet.Live.Core.Encoding;
using Rivet.Live.Core.Media;

namespace Rivet.Live.Core.Ladder;

/// <summary>One rendition of a broadcast's ladder: takes turns with a device, encodes the source's pictures in them, publishes them as a track.</summary>
/// <remarks>
/// <code>
///          claim ──▶ turn: open, a picture in, its sample out and published, and again ──▶ somebody waits, and a chunk starts: give back
///            ▲                                   │                                                             │
///            │                              it fails, hangs, disagrees                                         │
///            └── go back to the first picture that was not published ◀──────────────────────────────────────────┘
/// </code>
/// While nobody waits, one turn and its encoder last as long as the track. A rendition without a turn holds nobody up: it reads on from the
/// source's log later.
/// </remarks>
internal sealed partial class LadderTranscoder : ITranscoder
{
    private readonly Rendition _rendition;
    private readonly LadderRules _rules;
    private readonly TranscoderContext _context;
    private readonly RenditionReader _pictures;
    private readonly RenditionOutput _output;
    private readonly RenditionTurns _turns;
    private readonly EncoderFactory _encoders;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly FrameRateCap _cap;
    private readonly SourceFeeds _feeds;
    private VideoEncoderSettings? _settings;
    private MediaTime? _seenUntil;
    private PictureInEncoder? _inHand;
    private bool _isEnding;
    private bool _isGivenUp;
    private long _givenUpAt;

    public LadderTranscoder(
        Rendition rendition,
        LadderRules rules,
        TranscoderContext context,
        SourceFeeds feeds,
        LadderClaims claims,
        EncoderFactory encoders,
        TimeProvider time,
        ILogger logger)
    {
        _rendition = rendition;
        _rules = rules;
        _context = context;
        _feeds = feeds;
        _turns = new RenditionTurns(rendition.Name, rules, claims, encoders.Devices, context.Progress, time);
        _encoders = encoders;
        _time = time;
        _logger = logger;
        _cap = new FrameRateCap(rendition.MaxFrameRate);
        _output = new RenditionOutput(rendition, context, time);
        _pictures = feeds.Enter(rendition.Name);
        claims.Join(rendition.Name);
        context.Progress.ConfiguredBitrateBps = rendition.VideoBitrateBps;
    }

    public Task? Pending => _turns.Pending;

    private RenditionProgress Progress => _context.Progress;

    private BroadcastId Broadcast => _context.Source.Key.Broadcast;

    public void Start(TrackDescription track)
    {
    }

    public void Accept(Fragment fragment)
    {
        if (_isGivenUp)
        {
            Lose(fragment);
            return;
        }

        if (fragment.IsAbsence)
        {
            _output.Queue(fragment);
        }
        else
        {
            _pictures.Offer(fragment);
        }

        Continue();
    }

    public void Continue()
    {
        while (Step())
        {
        }
    }

    public void Stop()
    {
        _isEnding = true;
        if (!_isGivenUp)
        {
            // Only where it brought every fragment: the others may have some to bring yet.
            _pictures.Complete();
            Continue();
        }
    }

    public void Dispose()
    {
        _turns.Dispose();
        _pictures.Dispose();
        _output.Dispose();
    }

    /// <summary>Does one thing. False where nothing can be done for now.</summary>
    private bool Step()
    {
        if (_isGivenUp)
        {
            return false;
        }

        if (!_turns.TryBegin(Need))
        {
            Wait();
            return false;
        }

        try
        {
            return _pictures.Next() is { } picture ? Take(picture) : Rest();
        }
        catch (CodecException failed) when (_turns.Current is not null)
        {
            // By design: what was not published is encoded again, on this device or another.
            Requeue(failed.Fault, failed.Message);
            return true;
        }
        catch (Exception bug) when (_turns.Current is not null)
        {
            Requeue(EncoderFault.Busy, bug.Message);
            throw;
        }
    }

    /// <summary>What encoding takes; null before that is known, and where there is nothing to encode.</summary>
    private EncoderNeed? Need()
    {
        if (_pictures.Rung is not { Rung.Width: > 0 } rung || !(_feeds.Spacing.IsKnown || _isEnding) || !_pictures.HasMore)
        {
            return null;
        }

        int timescale = _feeds.Track!.Timescale;
        return EncoderFactory.NeedOf(Broadcast, rung.Rung, _feeds.Spacing.TicksAt(timescale), timescale);
    }

    /// <summary>Without a turn: nobody shall wait for this rendition.</summary>
    private void Wait()
    {
        if (_turns.IsHopeless)
        {
            GiveUp();
        }
        else if (!_pictures.HasMore)
        {
            _output.PublishAbsences(until: null);
        }
        else if (_turns.Pending is not null)
        {
            _pictures.Park();
        }
    }

    /// <summary>No picture for now: everything that came before is published.</summary>
    private bool Rest()
    {
        bool isInHole = _output.PublishAbsences(until: null);
        if (_isEnding || (isInHole && _turns.IsWanted))
        {
            EndTurn();
        }

        return false;
    }

    private bool Take(LadderPicture picture)
    {
        _output.PublishAbsences(picture.Time);
        bool isNew = _seenUntil is not { } seen || picture.Time > seen;
        if (isNew)
        {
            _seenUntil = picture.Time;
            Progress.CountDecoded();
        }

        if (_pictures.IsBehindDiscontinuity)
        {
            // Also where this very picture is not encoded: the next one that is does not continue either.
            _output.MarkDiscontinuity();
        }

        if (picture.StartsChunk && (TrySkip(picture) || TryYield(picture)))
        {
            return true;
        }

        double mark = _cap.Mark;
        if (_cap.Keeps(picture))
        {
            Encode(picture, mark);
            return true;
        }

        _pictures.Pass(picture);
        Progress.CountDropped(isNew ? 1 : 0);
        return true;
    }

    /// <summary>Leaves out whole chunks where the rendition is too far behind to catch up.</summary>
    private bool TrySkip(LadderPicture picture)
    {
        double dueSeconds = (double)picture.Timing.TicksIntoFragment / picture.Source.Timescale;
        bool isBehind = _time.GetElapsedTime(picture.Timing.ReceivedAt).TotalSeconds - dueSeconds > _rules.Limits.BehindMax.TotalSeconds;
        if (!isBehind || _pictures.TrySkip(picture) is not { } skipped)
        {
            return false;
        }

        if (skipped.HasDiscontinuity)
        {
            _output.MarkDiscontinuity();
        }

        Progress.CountDropped(skipped.Pictures);
        Progress.State = RenditionState.Degraded;
        _output.PublishAbsence(skipped.From, skipped.Until, picture.Timing.ReceivedAt);
        LogSkipped(_logger, Broadcast, _rendition.Name, skipped.Pictures, skipped.From, skipped.Until);
        return true;
    }

    /// <summary>Gives the lease back where somebody waits for it, or a device of the policy is to be had again.</summary>
    private bool TryYield(LadderPicture picture)
    {
        if (!_turns.MustEnd(out EncoderLease? better))
        {
            return false;
        }

        _pictures.PutBack(picture);
        try
        {
            EndTurn();
        }
        catch
        {
            better?.Dispose();
            throw;
        }

        if (better is not null)
        {
            _turns.Begin(better);
        }

        return true;
    }

    private void Encode(LadderPicture picture, double mark)
    {
        EncoderTurn turn = _turns.Current!;
        long began = _time.GetTimestamp();
        PictureInEncoder entering = new(picture, _cap.TicksOf(picture), mark);
        if (turn.Settings is { } settings && settings.Timescale != picture.Source.Timescale)
        {
            // A publisher that came back may count in other ticks; an encoder counts in one kind for all its life.
            _inHand = entering;
            Flush();
            _inHand = null;
        }

        turn.Enter(entering);
        using (Picture copy = _pictures.Take(picture))
        {
            EncoderFor(picture, copy).Send(copy, picture.StartsChunk || picture.IsDiscontinuity);
        }

        Publish();
        double busy = _time.GetElapsedTime(began).TotalSeconds;
        Progress.CountWork((double)picture.Timing.Duration / picture.Source.Timescale, busy);
        turn.Lease.Worked(turn.Settings!.PictureCost, busy * turn.Settings.Threads);
    }

    private IVideoEncoder EncoderFor(LadderPicture picture, Picture copy)
    {
        EncoderTurn turn = _turns.Current!;
        if (turn.Encoder is { } open && turn.Settings!.Timescale == picture.Source.Timescale)
        {
            return open;
        }

        (Rung rung, int index) = _pictures.Rung!.Value;
        if (index > 0)
        {
            // The largest rendition's encoder is the longest work, and all others wait for it in the end.
            Codecs.YieldThread();
        }

        // The same settings for every encoder of the rendition, so that all write the same parameter sets.
        _settings = _settings?.Timescale == picture.Source.Timescale ? _settings : _encoders.SettingsFor(rung, picture, copy);
        if (_output.Timescale is { } timescale && timescale != picture.Source.Timescale)
        {
            _output.MarkDiscontinuity();
        }

        IVideoEncoder encoder = _encoders.Open(turn.Lease, _settings, $"{Broadcast} {_rendition.Name} on {turn.Lease.Device.Id}");
        turn.Use(encoder, _settings);
        Progress.Encoder = _settings.EncoderName;
        return encoder;
    }

    private void Publish()
    {
        EncoderTurn turn = _turns.Current!;
        while (turn.TryReceive(_turns.RequireAgreement, out PictureInEncoder picture, out EncodedSample? sample))
        {
            _output.Use(turn.Encoder!.Track!);
            _output.Publish(picture.Picture, picture.Ticks, sample);
            _pictures.Publish(picture.Picture.Time);
            _turns.Worked();
        }
    }

    private void Flush()
    {
        EncoderTurn turn = _turns.Current!;
        if (turn.Encoder is null)
        {
            return;
        }

        turn.Encoder.Drain();
        Publish();
        turn.RequireEmpty();
    }

    private void EndTurn()
    {
        Flush();
        _turns.End();
    }

    /// <summary>The chunk goes back to its first picture that was not published.</summary>
    private void Requeue(EncoderFault fault, string why)
    {
        if (_inHand is { } inHand)
        {
            _cap.Return(inHand.Mark);
            _pictures.PutBack(inHand.Picture);
            _inHand = null;
        }

        if (_turns.Current!.TryPeek(out PictureInEncoder oldest))
        {
            _cap.Return(oldest.Mark);
            _pictures.Return(oldest.Picture.Time);
        }

        _turns.Fail(fault);
        Progress.CountRequeue();
        Progress.State = RenditionState.Degraded;
        LogRequeued(_logger, Broadcast, _rendition.Name, fault, why);
    }

    private void GiveUp()
    {
        _isGivenUp = true;
        (int unread, _givenUpAt) = _pictures.Leave();
        Progress.CountDropped(unread);
        Progress.State = RenditionState.Failed;
        LogGivenUp(_logger, Broadcast, _rendition.Name);
        if (_rules.Fallback == EncoderFallback.Fail)
        {
            _rules.EndBroadcast(_context.Source.Session);
        }
    }

    /// <summary>Given up: what the source has is absent here, and players are told so.</summary>
    private void Lose(Fragment fragment)
    {
        Progress.CountDropped(fragment.Sequence > _givenUpAt ? fragment.Samples.Length : 0);
        _output.PublishAbsenceUntil(fragment.End, fragment.ReceivedAt);
    }
}
