using Rivet.Live.Core.Devices;
using Rivet.Live.Core.Drains;
using Rivet.Live.Core.Encoding;

namespace Rivet.Live.Core.Ladder;

/// <content>How turns end: given back for somebody else, given back for good, or failed.</content>
internal sealed partial class LadderTranscoder
{
    /// <summary>Gives the lease back where somebody waits for it, a device of the policy is to be had again, or an operator wants another encoder.</summary>
    private bool TryYield(LadderPicture picture)
    {
        if (!_turns.MustEnd(out EncoderLease? better) && !_load.TakeRestart())
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
}
