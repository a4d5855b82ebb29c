using Rivet.Live.Core.Encoding;
using Rivet.Live.Core.Media;

namespace Rivet.Live.Core.Ladder;

/// <summary>One source picture with its smaller copies, each made once, by whoever needs it first, from the copy above it.</summary>
/// <remarks>
/// A copy lives until its own reader has taken it and the copies below it were made, whichever is later; the decoded picture until the
/// first copies were. So a window of pictures holds few large ones.
/// </remarks>
internal sealed class LadderPicture : IDisposable
{
    private readonly Lock _copiesLock = new();
    private readonly IReadOnlyList<Rung> _rungs;
    private readonly PictureScaler[] _scalers;
    private readonly Lock[] _scalerLocks;
    private readonly Picture?[] _copies;
    private readonly int[] _needs;
    private Picture? _decoded;
    private int _decodedNeeds;

    /// <param name="decoded">Taken over.</param>
    /// <param name="timing">What the source said of it.</param>
    /// <param name="rungs">From the largest to the smallest.</param>
    /// <param name="scalers">One per rung.</param>
    /// <param name="scalerLocks">One per scaler: a scaler works on one picture at a time.</param>
    public LadderPicture(Picture decoded, PictureTiming timing, IReadOnlyList<Rung> rungs, PictureScaler[] scalers, Lock[] scalerLocks)
    {
        _decoded = decoded;
        PresentationTime = decoded.PresentationTime;
        Timing = timing;
        _rungs = rungs;
        _scalers = scalers;
        _scalerLocks = scalerLocks;
        _copies = new Picture?[scalers.Length];
        _needs = new int[scalers.Length];
        for (int rung = 0; rung < _needs.Length; rung++)
        {
            // Its own reader, and whatever is made from it.
            _needs[rung]++;
            (rungs[rung].Above < 0 ? ref _decodedNeeds : ref _needs[rungs[rung].Above])++;
        }
    }

    /// <summary>When it is shown, in the source's ticks.</summary>
    public long PresentationTime { get; }

    /// <summary>The same on the broadcast's timeline.</summary>
    public MediaTime Time => new(PresentationTime, Source.Timescale);

    public PictureTiming Timing { get; }

    /// <summary>When it was decoded, as <see cref="TimeProvider.GetTimestamp"/>.</summary>
    public long DecodedAt { get; set; }

    /// <summary>How much later it is than it was due, in seconds: a fragment's pictures come at once but are due one after the other.</summary>
    /// <param name="time">The clock that fragments are stamped with.</param>
    public double BehindSeconds(TimeProvider time) =>
        time.GetElapsedTime(Timing.ReceivedAt).TotalSeconds - ((double)Timing.TicksIntoFragment / Source.Timescale);

    /// <summary>The init of the fragment that it came in.</summary>
    public required TrackDescription Source { get; init; }

    /// <summary>The usual distance of two pictures of the source, in its ticks: what a rate control plans with.</summary>
    public required int FrameTicks { get; init; }

    /// <summary>True where every rendition puts an IDR: at the source's keyframes and where the grid begins a segment.</summary>
    public required bool StartsChunk { get; init; }

    /// <summary>True where the pictures do not continue those before.</summary>
    public required bool IsDiscontinuity { get; init; }

    /// <summary>The copy for one rung, which the caller disposes. Each rung's reader calls this or <see cref="Pass"/> once.</summary>
    public Picture Take(int rung)
    {
        lock (_copiesLock)
        {
            try
            {
                return Copy(rung).Share();
            }
            finally
            {
                Unneed(rung);
            }
        }
    }

    /// <summary>Offers the decoded picture to whoever makes thumbnails.</summary>
    public void Show(ThumbnailMaker? thumbnails)
    {
        lock (_copiesLock)
        {
            if (_decoded is not null)
            {
                thumbnails?.Offer(_decoded);
            }
        }
    }

    /// <summary>The rung's reader does not want this picture.</summary>
    public void Pass(int rung)
    {
        lock (_copiesLock)
        {
            Unneed(rung);
        }
    }

    public void Dispose()
    {
        lock (_copiesLock)
        {
            _decoded?.Dispose();
            _decoded = null;
            foreach (Picture? copy in _copies)
            {
                copy?.Dispose();
            }

            Array.Clear(_copies);
        }
    }

    private Picture Copy(int rung)
    {
        if (_copies[rung] is { } made)
        {
            return made;
        }

        int parent = _rungs[rung].Above;
        Picture above = parent < 0 ? _decoded ?? throw new ObjectDisposedException(nameof(LadderPicture)) : Copy(parent);
        Picture copy;
        lock (_scalerLocks[rung])
        {
            copy = _scalers[rung].Scale(above);
        }

        _copies[rung] = copy;
        UnneedAbove(rung);
        return copy;
    }

    private void Unneed(int rung)
    {
        if (--_needs[rung] != 0)
        {
            return;
        }

        if (_copies[rung] is { } copy)
        {
            copy.Dispose();
            _copies[rung] = null;
        }
        else
        {
            UnneedAbove(rung);
        }
    }

    private void UnneedAbove(int rung)
    {
        if (_rungs[rung].Above is >= 0 and int above)
        {
            Unneed(above);
        }
        else if (--_decodedNeeds == 0)
        {
            _decoded?.Dispose();
            _decoded = null;
        }
    }
}
