namespace Rivet.Live.Core.Ladder;

/// <summary>One rendition's place in a feed. All its state is the feed's, under the feed's window lock.</summary>
internal sealed class FeedReader(PictureFeed feed, string rendition) : IDisposable
{
    public string Rendition => rendition;

    /// <summary>Number of the next picture to read, counted from the feed's first.</summary>
    internal long Cursor { get; set; }

    /// <summary>The rung it reads; -1 until the feed knows its source, or where the source is smaller than the rendition.</summary>
    internal int Rung { get; set; } = -1;

    /// <summary>It was too slow: pictures are passed over until the next chunk starts.</summary>
    internal bool AwaitsChunk { get; set; }

    /// <summary>A picture that it was too slow to get did not continue those before.</summary>
    internal bool LostDiscontinuity { get; set; }

    /// <summary>True where the picture read last does not continue the one read before: it says so itself, or one between them did.</summary>
    internal bool IsBehindDiscontinuity { get; set; }

    /// <summary>Pictures that it was too slow to get.</summary>
    internal long Dropped { get; set; }

    /// <summary>The next picture, decoded now if nobody did before; null when the feed has no more compressed samples to make one from.</summary>
    public LadderPicture? Next() => feed.Next(this);

    /// <summary>Leaves the feed: nothing waits for this reader any more. The last one to leave closes the feed.</summary>
    public void Dispose() => feed.Leave(this);
}
