using Rivet.Live.Core.Media;

namespace Rivet.Live.Core.Ladder;

/// <summary>One rendition's place in a feed. All its state is the feed's, under the feed's window lock.</summary>
internal sealed class FeedReader(PictureFeed feed, string rendition) : IDisposable
{
    public string Rendition => rendition;

    public PictureFeed Feed => feed;

    /// <summary>Number of the next picture to read, counted from the feed's first.</summary>
    internal long Cursor { get; set; }

    /// <summary>The rung it reads; -1 until the feed knows its source, or where the source is smaller than the rendition.</summary>
    internal int Rung { get; set; } = -1;

    /// <summary>Pictures before this time are passed over; null once one was read.</summary>
    internal MediaTime? From { get; set; }

    /// <summary>It was too slow for the others: the feed goes on without it.</summary>
    public bool IsOut { get; internal set; }

    /// <summary>True where the picture read last does not continue the one read before.</summary>
    public bool IsBehindDiscontinuity { get; internal set; }

    /// <summary>The next picture, decoded now if nobody did before; null when the feed has no more compressed samples to make one from, or this reader is out.</summary>
    public LadderPicture? Next() => feed.Next(this);

    /// <summary>Leaves the feed: nothing waits for this reader any more. The last one to leave closes the feed.</summary>
    public void Dispose() => feed.Leave(this);
}
