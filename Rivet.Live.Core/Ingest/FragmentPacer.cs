using Rivet.Live.Core.Broadcast;
using Rivet.Live.Core.Media;

namespace Rivet.Live.Core.Ingest;

/// <summary>
/// Lets media that comes in bursts out at the pace at which it was taken. A publisher that sends one fragment per GOP has nothing to send in
/// between; parts must come at cadence all the same (RFC 8216bis 6.2.1), and are no later for it: their end is a burst old when it comes.
/// </summary>
/// <remarks>
/// Only tracks with fragments longer than a part are paced. What waits is cut at the same instants in all tracks and goes out in that order, a track's
/// own always in the order in which it came, the driving track first, when it is due by the latest track's <see cref="ArrivalClock"/>. No more of a
/// track ever waits than its longest burst, so a publisher that runs ahead of its time is not slowed. Used under the point's timeline lock, except
/// <see cref="RunAsync"/>, which takes it.
/// </remarks>
internal sealed class FragmentPacer(Lock timeline, IReadOnlyList<ArrivalClock> arrivals, TimeProvider time)
{
    /// <summary>So that a part is never late by more than a quarter of its length.</summary>
    private const int PiecesPerPart = 4;

    private const double ShortestWaitSeconds = 0.001;

    // What comes meanwhile may be due earlier, and the end of the broadcast is seen then.
    private const double LongestWaitSeconds = 0.1;

    // Only tracks of which something waits.
    private readonly Dictionary<IngestTrackFeed, Queue<Piece>> _waiting = [];
    private TaskCompletionSource _held = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>True while something waits.</summary>
    public bool Holds => _waiting.Count > 0;

    /// <summary>Takes the fragment over: all of it goes out at once, or piece by piece.</summary>
    /// <param name="feed">Its track, whose clock has seen it.</param>
    /// <param name="fragment">On the broadcast's timeline.</param>
    /// <param name="partSeconds">Part target.</param>
    public void Publish(IngestTrackFeed feed, Fragment fragment, double partSeconds)
    {
        double burst = feed.Arrivals.BurstSeconds;
        if (burst <= partSeconds)
        {
            if (_waiting.ContainsKey(feed))
            {
                Flush();
            }

            feed.Release(fragment);
            return;
        }

        Hold(feed, fragment, partSeconds / PiecesPerPart);
        double oldest = fragment.End.Seconds - burst;
        while (_waiting.TryGetValue(feed, out Queue<Piece>? pieces) && pieces.Peek().Start < oldest - 1e-6)
        {
            Release(Next(), time.GetTimestamp());
        }

        ReleaseDue();
        _held.TrySetResult();
    }

    /// <summary>Everything that waits goes out now.</summary>
    public void Flush()
    {
        long now = time.GetTimestamp();
        while (Holds)
        {
            Release(Next(), now);
        }
    }

    /// <summary>Lets out what is due, when it is due, until nothing more can come.</summary>
    public Task RunAsync(Task whenClosed, CancellationToken stopping) => OpenWork.RunAsync(ReleaseAsync, whenClosed, stopping);

    private async Task ReleaseAsync(CancellationToken over)
    {
        while (true)
        {
            Task held;
            TimeSpan? pause;
            lock (timeline)
            {
                pause = ReleaseDue();
                if (pause is null)
                {
                    _held = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                }

                held = _held.Task;
            }

            await (pause is { } wait ? Task.Delay(wait, time, over) : held.WaitAsync(over));
        }
    }

    private void Hold(IngestTrackFeed feed, Fragment fragment, double pieceSeconds)
    {
        if (!_waiting.TryGetValue(feed, out Queue<Piece>? pieces))
        {
            _waiting.Add(feed, pieces = new Queue<Piece>());
        }

        ReadOnlySpan<Sample> samples = fragment.Samples;
        int timescale = fragment.Track.Timescale;
        for (int begin = 0, end; begin < samples.Length; begin = end)
        {
            double cut = CutBefore(samples[begin]);
            for (end = begin + 1; end < samples.Length && CutBefore(samples[end]) == cut;)
            {
                end++;
            }

            pieces.Enqueue(new Piece(feed, fragment, begin..end, (double)samples[begin].DecodeTime / timescale, cut, IsLast: end == samples.Length));
        }

        // Of what lies before the beginning of a track, as of everything else, rounding down keeps the order.
        double CutBefore(in Sample sample) => Math.Floor(((double)sample.DecodeTime / timescale / pieceSeconds) + 1e-6) * pieceSeconds;
    }

    /// <returns>How long to wait for the next piece; null where there is none.</returns>
    private TimeSpan? ReleaseDue()
    {
        long now = time.GetTimestamp();
        double seconds = time.GetElapsedTime(0, now).TotalSeconds;
        while (Holds)
        {
            Piece next = Next();
            double left = next.Start + arrivals.Max(static track => track.DelaySeconds) - seconds;
            if (left > 0)
            {
                return TimeSpan.FromSeconds(Math.Clamp(left, ShortestWaitSeconds, LongestWaitSeconds));
            }

            Release(next, now);
        }

        return null;
    }

    /// <summary>Whose turn it is: of the first of each track, the one behind the earliest cut.</summary>
    private Piece Next() => _waiting.Values.Select(static pieces => pieces.Peek()).MinBy(static piece => (piece.Cut, piece.Feed.DrivesGrid ? 0 : 1))!;

    private void Release(Piece piece, long now)
    {
        Queue<Piece> pieces = _waiting[piece.Feed];
        pieces.Dequeue();
        if (pieces.Count == 0)
        {
            _waiting.Remove(piece.Feed);
        }

        piece.Feed.Release(piece.Of.Slice(piece.Samples, now));
        if (piece.IsLast)
        {
            piece.Of.Dispose();
        }
    }

    /// <summary>Some samples of a fragment.</summary>
    /// <param name="Feed">Its track.</param>
    /// <param name="Of">The fragment; the last piece gives it back.</param>
    /// <param name="Samples">Which.</param>
    /// <param name="Start">Decode time of the first, in seconds.</param>
    /// <param name="Cut">Where all tracks are cut at or before it, in seconds.</param>
    /// <param name="IsLast">No piece of the fragment comes behind it.</param>
    private sealed record Piece(IngestTrackFeed Feed, Fragment Of, Range Samples, double Start, double Cut, bool IsLast);
}
