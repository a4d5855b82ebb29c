using Rivet.Live.Core.Broadcast;
using Rivet.Live.Core.Drains;
using Rivet.Live.Core.Media;

namespace Rivet.Live.Core.Ladder;

/// <content>Media that the rendition does not have: what it is too late for, what it is shed for, and what no device encodes.</content>
internal sealed partial class LadderTranscoder
{
    /// <summary>Leaves out whole chunks where the rendition is too far behind to catch up.</summary>
    private bool TrySkip(LadderPicture picture)
    {
        double behindSeconds = picture.BehindSeconds(_time);
        _loads.StartChunk(_load, behindSeconds);
        bool isBehind = behindSeconds > _rules.Limits.BehindMax.TotalSeconds;
        if (!isBehind || _pictures.TrySkip(picture, _help.FirstStart) is not { } skipped)
        {
            return false;
        }

        if (skipped.HasDiscontinuity)
        {
            _output.MarkDiscontinuity();
        }

        _loads.LeaveOut(_load);
        Progress.CountDropped(skipped.Pictures);
        Progress.State = RenditionState.Degraded;
        _output.PublishAbsence(skipped.From, skipped.Until, picture.Timing.ReceivedAt);
        LogSkipped(_logger, Broadcast, _rendition.Name, skipped.Pictures, skipped.From, skipped.Until);
        return true;
    }

    /// <summary>A rendition that is shed gives its lease back at a chunk's start, and sits out from there on.</summary>
    private bool TryMakeWay(LadderPicture picture)
    {
        if (!_load.IsShed || !picture.StartsChunk)
        {
            return false;
        }

        _pictures.PutBack(picture);
        EndTurn();
        return true;
    }

    private void SitOut()
    {
        _isSittingOut = true;
        _turns.Withdraw();
        _help.Drop();
        _output.PublishAbsences(until: null);
        LoseUnread(_pictures.SitOut());
        Progress.IsShed = true;
        Progress.IsDropped = _load.IsDropped;
        Progress.State = RenditionState.Degraded;
    }

    /// <summary>Goes on with the newest keyframe, where the rendition is shed no longer and there is one that viewers have not been told to be absent.</summary>
    private bool TryComeBack(Fragment fragment)
    {
        if (_load.IsShed)
        {
            Progress.IsDropped = _load.IsDropped;
            return false;
        }

        MediaTime notBefore = _output.End is { } told && told > fragment.Start ? told : fragment.Start;
        if (fragment.Sequence <= _unreadUntil || _pictures.TryComeBack(notBefore) is not { } keyframe)
        {
            return false;
        }

        _isSittingOut = false;
        _backFrom = keyframe;
        _output.PublishAbsenceUntil(keyframe, fragment.ReceivedAt);
        Progress.IsShed = Progress.IsDropped = false;
        return true;
    }

    private void GiveUp()
    {
        _isGivenUp = true;
        _met = null;
        _help.Dispose();
        _loads.Leave(_load);
        LoseUnread(_pictures.Leave());
        Progress.State = RenditionState.Failed;
        LogGivenUp(_logger, Broadcast, _rendition.Name);
        if (_rules.Fallback == EncoderFallback.Fail)
        {
            _rules.EndBroadcast(_context.Source.Session);
        }
    }

    private void LoseUnread(UnreadMedia unread)
    {
        _unreadUntil = unread.LastFragment;
        Progress.QueuedChunks = 0;
        Progress.CountDropped(unread.Pictures);
        if (unread.HasDiscontinuity)
        {
            _output.MarkDiscontinuity();
        }

        if (unread.End is { } end)
        {
            _output.PublishAbsenceUntil(end, _time.GetTimestamp());
        }
    }

    /// <summary>What the source has is absent here, and players are told so.</summary>
    private void Lose(Fragment fragment)
    {
        if (fragment.IsDiscontinuity)
        {
            _output.MarkDiscontinuity();
        }

        Progress.CountDropped(fragment.Sequence > _unreadUntil ? fragment.Samples.Length : 0);
        _output.PublishAbsenceUntil(fragment.End, fragment.ReceivedAt);
    }

    /// <summary>Counts what lies before the keyframe with which the rendition came back, in the fragments that were not counted yet.</summary>
    private void CountLeftOut(Fragment fragment)
    {
        if (_backFrom is not { } keyframe)
        {
            return;
        }

        int before = fragment.Samples.Count(sample => new MediaTime(sample.PresentationTime, fragment.Track.Timescale) < keyframe);
        Progress.CountDropped(fragment.Sequence > _unreadUntil ? before : 0);
        _backFrom = before == 0 && !fragment.IsAbsence ? null : keyframe;
    }
}
