using Microsoft.Extensions.Logging;
using Rivet.Live.Core.Broadcast;
using Rivet.Live.Core.Devices;
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
/// source's log later. Fragments come first, then one picture, then fragments again: however slow the encoder, it is known what has come.
/// </remarks>
internal sealed partial class LadderTranscoder : ITranscoder
{
    private readonly Rendition _rendition;
    private readonly LadderRules _rules;
    private readonly TranscoderContext _context;
    private readonly RenditionReader _pictures;
    private readonly RenditionOutput _output;
    private readonly RenditionTurns _turns;
    private readonly RenditionHelp _help;
    private readonly IRenditionLoads _loads;
    private readonly RenditionLoad _load;
    private readonly EncoderFactory _encoders;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly FrameRateCap _cap;
    private readonly SourceFeeds _feeds;
    private VideoEncoderSettings? _settings;
    private MediaTime? _seenUntil;
    private PictureInEncoder? _inHand;
    private HelpedChunk? _met;
    private bool _isBehindHelp;
    private bool _mayHaveWork;
    private bool _isEnding;
    private bool _isGivenUp;
    private bool _isSittingOut;
    private long _unreadUntil;
    private MediaTime? _backFrom;

    public LadderTranscoder(
        Rendition rendition,
        LadderRules rules,
        TranscoderContext context,
        SourceFeeds feeds,
        LadderClaims claims,
        EncoderFactory encoders,
        HelpDesk desk,
        IRenditionLoads loads,
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
        _output = new RenditionOutput(rendition, context);
        _pictures = feeds.Enter(rendition.Name);
        claims.Join(rendition.Name);
        _help = new RenditionHelp(rendition, feeds, rules.Limits, desk, time);
        desk.Join(_help);
        _loads = loads;
        _load = loads.Join(context.Source.Key.Broadcast, rendition.Name);
        context.Progress.ConfiguredBitrateBps = rendition.VideoBitrateBps;
        if (rules.Resumes.TryGetValue(rendition.Name, out RenditionResume? resume))
        {
            _pictures.Publish(resume.From);
            _pictures.Return(resume.From);
            _output.Resume(resume.Published);
        }
    }

    public Task? Pending => _mayHaveWork
        ? Task.CompletedTask
        : _met?.Changed ?? _turns.Pending ?? (_isEnding && _help.Left is { IsCompleted: false } left ? left : null);

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

        if (!fragment.IsAbsence)
        {
            _pictures.Offer(fragment);
        }

        if (_isSittingOut && !TryComeBack(fragment))
        {
            Lose(fragment);
            return;
        }

        if (fragment.IsAbsence)
        {
            _output.Queue(fragment);
        }

        CountLeftOut(fragment);
        if (fragment.Samples.Any(static sample => sample.IsSync))
        {
            // A walk over all that is kept: once a chunk, not for every fragment of whoever is behind.
            Progress.QueuedChunks = _pictures.QueuedChunks;
        }

        _mayHaveWork = true;
    }

    public void Continue()
    {
        // Not what it was before: a step that throws must not be tried again at once.
        _mayHaveWork = false;
        _mayHaveWork = Step();
    }

    public void Stop()
    {
        _isEnding = true;
        if (!_isGivenUp)
        {
            // Only where it brought every fragment: the others may have some to bring yet.
            _pictures.Complete();
            do
            {
                Continue();
            }
            while (_mayHaveWork);
        }
    }

    public void Dispose()
    {
        _turns.Dispose();
        _help.Dispose();
        _loads.Leave(_load);
        _pictures.Dispose();
        _output.Dispose();
    }

    /// <summary>Does one thing. False where nothing can be done for now.</summary>
    private bool Step()
    {
        if (_isGivenUp || _isSittingOut)
        {
            return false;
        }

        if (_met is { } met)
        {
            return TakeHelp(met);
        }

        if (_load.IsShed && _turns.Current is null)
        {
            SitOut();
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
        EncoderNeed need = EncoderFactory.NeedOf(Broadcast, rung.Rung, _feeds.Spacing.TicksAt(timescale), timescale, SourceDepth.Of(_feeds.Track));
        _loads.Cost(_load, need.PixelsPerSecond);
        return need;
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
        if (TryMakeWay(picture) || TryMeet(picture))
        {
            return true;
        }

        _output.PublishAbsences(picture.Time);
        bool isNew = _seenUntil is not { } seen || picture.Time > seen;
        if (isNew)
        {
            _seenUntil = picture.Time;
            Progress.CountDecoded(1);
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
            EncoderFor(picture, copy).Send(copy, picture.StartsChunk || picture.IsDiscontinuity || _isBehindHelp);
        }

        _isBehindHelp = false;
        Publish();
        double busy = _time.GetElapsedTime(began).TotalSeconds;
        Progress.CountWork((double)picture.Timing.Duration / picture.Source.Timescale, busy);
        turn.Lease.Worked(turn.Settings!, busy);
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
        Progress.Encoder = turn.Lease.Device.EncoderNameOf(_settings.Codec);
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
            if (picture.Picture.StartsChunk)
            {
                _help.Describe(_turns.Describe());
                Progress.QueuedChunks = _pictures.QueuedChunks;
            }
        }
    }
}
