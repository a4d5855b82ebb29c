using Rivet.Live.Core.Drains;
using Rivet.Live.Core.Encoding;

namespace Rivet.Live.Core.Ladder;

/// <content>What the rendition does with chunks that helpers encode for it.</content>
internal sealed partial class LadderTranscoder
{
    /// <summary>True where a helper has the picture's chunk: its samples come next.</summary>
    private bool TryMeet(LadderPicture picture)
    {
        if (_help.Reach(picture) is not { } chunk)
        {
            return false;
        }

        _pictures.PutBack(picture);
        if (_turns.Current!.TryPeek(out _))
        {
            // What the encoder still has comes before the helper's samples, and only draining brings it out.
            EndTurn();
        }

        _met = chunk;
        return true;
    }

    /// <summary>Publishes what a helper has made of the chunk so far. False where nothing can be done for now.</summary>
    private bool TakeHelp(HelpedChunk chunk)
    {
        if (chunk.TryTake(out HelpedSample? sample))
        {
            if (_turns.Agrees(sample.Invariant))
            {
                Publish(sample);
                return true;
            }

            sample.Sample.Dispose();
            chunk.Drop();
            chunk.Finish(new HelpOutcome(Passed: 0, (EncoderFault.Disagrees, "the rendition's own encoders write another stream since the helper began.")));
        }

        if (!chunk.IsOver(out HelpOutcome? outcome))
        {
            if (_turns.Current is not null && _turns.IsWanted)
            {
                _turns.End();
            }

            return false;
        }

        Part(chunk, outcome);
        return true;
    }

    private void Publish(HelpedSample helped)
    {
        LadderPicture picture = helped.Picture.Picture;
        _output.PublishAbsences(picture.Time);
        Count(picture, helped.Passed);
        _output.Use(helped.Track);
        _output.Publish(picture, helped.Picture.Ticks, helped.Sample);
        _help.Publish(picture);
        Progress.CountWork((double)picture.Timing.Duration / picture.Source.Timescale, helped.BusySeconds);

        // Should the helper fail, the rendition goes on from here, as if it had encoded the picture itself, but with an IDR.
        _pictures.Publish(picture.Time);
        _pictures.Return(picture.Time with { Ticks = picture.Time.Ticks + 1 });
        _cap.Return(helped.Picture.Mark);
        _ = _cap.Keeps(picture);
        _isBehindHelp = true;
    }

    /// <summary>A picture that a helper encoded, and those before it that the cap of the frame rate left out, were decoded for this rendition.</summary>
    private void Count(LadderPicture picture, int passed)
    {
        if (_seenUntil is { } seen && picture.Time <= seen)
        {
            return;
        }

        _seenUntil = picture.Time;
        Progress.CountDecoded(1 + passed);
        Progress.CountDropped(passed);
    }

    private void Part(HelpedChunk chunk, HelpOutcome outcome)
    {
        _met = _help.Leave(chunk) is { } next && !_load.IsShed ? next : null;
        if (outcome.Failure is ({ } fault, { } why))
        {
            _met = null;
            Progress.CountRequeue();
            Progress.State = RenditionState.Degraded;
            LogRequeued(_logger, Broadcast, _rendition.Name, fault, why);
            return;
        }

        Progress.CountDecoded(outcome.Passed);
        Progress.CountDropped(outcome.Passed);
        Progress.CountHelp();
        Progress.QueuedChunks = _pictures.QueuedChunks;
        _pictures.Return(chunk.End);
    }
}
