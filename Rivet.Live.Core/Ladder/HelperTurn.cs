using Microsoft.Extensions.Logging;
using Rivet.Live.Core.Devices;
using Rivet.Live.Core.Encoding;
using Rivet.Live.Core.Media;

namespace Rivet.Live.Core.Ladder;

/// <summary>A helper: encodes whole chunks for one rendition that is behind, beside its own encoder, until there are none or somebody waits for the device.</summary>
internal sealed partial class HelperTurn(RenditionHelp help, EncoderFactory encoders, TimeProvider time, ILogger logger)
{
    /// <param name="lease">Given back at the end.</param>
    /// <param name="first">The chunk to begin with.</param>
    public void Run(EncoderLease lease, HelpedChunk first)
    {
        using IDisposable? scope = logger.BeginMedia(lease.Need.Broadcast, lease.Need.Rendition);
        Codecs.YieldThread();
        LogHelping(logger, lease.Need.Broadcast, lease.Need.Rendition, lease.Device.Id);
        int chunks = 0;
        try
        {
            using EncoderTurn turn = new(lease);
            HelpedChunk? chunk = first;
            while (chunk is not null && TryEncode(turn, chunk))
            {
                chunks++;
                chunk = lease.IsWanted ? null : help.TryTake();
            }
        }
        finally
        {
            LogLeft(logger, lease.Need.Broadcast, lease.Need.Rendition, lease.Device.Id, chunks);
            help.Leave();
        }
    }

    private bool TryEncode(EncoderTurn turn, HelpedChunk chunk)
    {
        try
        {
            int passed = Encode(turn, chunk);
            chunk.Finish(new HelpOutcome(passed, Failure: null));
            return !chunk.IsDropped;
        }
        catch (CodecException failed)
        {
            // By design: the rendition encodes itself what is missing, and says so.
            Fail(turn, chunk, failed.Fault, failed.Message);
        }
        catch (Exception bug)
        {
            // By design: rule 6, it costs this helper and nobody else; told here, since nobody waits for it.
            LogBug(logger, turn.Lease.Need.Broadcast, turn.Lease.Need.Rendition, bug);
            Fail(turn, chunk, EncoderFault.Busy, bug.Message);
        }

        return false;
    }

    private void Fail(EncoderTurn turn, HelpedChunk chunk, EncoderFault fault, string why)
    {
        turn.Lease.Fail(fault);
        help.Fail(turn.Lease.Device, fault);
        chunk.Finish(new HelpOutcome(Passed: 0, (fault, why)));
    }

    /// <returns>Pictures behind the last sample that the cap of the frame rate left out.</returns>
    private int Encode(EncoderTurn turn, HelpedChunk chunk)
    {
        FrameRateCap cap = new(help.Rendition.MaxFrameRate);
        int passed = 0;
        bool isFirst = true;
        using FeedReader pictures = help.Read(chunk);
        while (pictures.Next() is { } picture)
        {
            double mark = cap.Mark;
            if (picture.Time >= chunk.End || chunk.IsDropped || (isFirst && picture.Time != chunk.Start))
            {
                picture.Pass(pictures.Rung);
                break;
            }

            if (!cap.Keeps(picture))
            {
                picture.Pass(pictures.Rung);
                passed++;
                continue;
            }

            long began = time.GetTimestamp();
            turn.Enter(new PictureInEncoder(picture, cap.TicksOf(picture), mark));
            using (Picture copy = picture.Take(pictures.Rung))
            {
                EncoderFor(turn, chunk).Send(copy, isFirst || picture.StartsChunk || picture.IsDiscontinuity);
            }

            isFirst = false;
            passed = Receive(turn, chunk, passed, began);
        }

        if (isFirst && !chunk.IsDropped)
        {
            throw new CodecException($"The picture of time {chunk.Start}, with which the chunk starts, could not be decoded.");
        }

        if (turn.TryPeek(out _))
        {
            turn.Encoder!.Drain();
            passed = Receive(turn, chunk, passed, time.GetTimestamp());
            turn.RequireEmpty();
            turn.Discard();
        }

        return passed;
    }

    private IVideoEncoder EncoderFor(EncoderTurn turn, HelpedChunk chunk)
    {
        VideoEncoderSettings settings = chunk.Request.Settings;
        if (turn.Encoder is null || turn.Settings != settings)
        {
            EncoderNeed need = turn.Lease.Need;
            turn.Use(encoders.Open(turn.Lease, settings, $"{need.Broadcast} {need.Rendition} helped by {turn.Lease.Device.Id}"), settings);
        }

        return turn.Encoder!;
    }

    /// <returns>Pictures left out that no sample was told with.</returns>
    private int Receive(EncoderTurn turn, HelpedChunk chunk, int passed, long began)
    {
        while (turn.TryReceive(() => Check(turn, chunk), out PictureInEncoder picture, out EncodedSample? sample))
        {
            double busy = time.GetElapsedTime(began).TotalSeconds;
            chunk.Add(new HelpedSample(picture, sample, turn.Encoder!.Track!, turn.Encoder.Invariant!, passed, busy));
            turn.Lease.Worked(turn.Settings!, busy);
            passed = 0;
            began = time.GetTimestamp();
        }

        return passed;
    }

    private static void Check(EncoderTurn turn, HelpedChunk chunk) =>
        DeviceChoice.RequireSame(turn.Lease.Device, turn.Encoder!.Invariant, chunk.Request.Invariant);
}
