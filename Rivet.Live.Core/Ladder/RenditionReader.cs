using Rivet.Live.Core.Broadcast;
using Rivet.Live.Core.Encoding;
using Rivet.Live.Core.Media;

namespace Rivet.Live.Core.Ladder;

/// <summary>One rendition's pictures in order, from the feed that all share while it keeps up, and decoded again for it alone where it has to go back.</summary>
/// <remarks>For one caller at a time, its drain's thread, but for <see cref="Done"/>.</remarks>
internal sealed class RenditionReader : IDisposable
{
    private readonly SourceFeeds _feeds;
    private readonly Lock _doneLock = new();
    private FeedReader? _reader;
    private MediaTime? _from;
    private MediaTime? _done;
    private bool _isSittingOut;

    public RenditionReader(SourceFeeds feeds, string rendition)
    {
        _feeds = feeds;
        Rendition = rendition;
        _reader = feeds.Attach(rendition, from: null);
    }

    public string Rendition { get; }

    /// <summary>Its rung and the number of it; null before the first fragment, or where the source is too small.</summary>
    public (Rung Rung, int Index)? Rung
    {
        get
        {
            IReadOnlyList<Rung> rungs = _feeds.Rungs;
            for (int index = 0; index < rungs.Count; index++)
            {
                if (rungs[index].Rendition.Name == Rendition)
                {
                    return (rungs[index], index);
                }
            }

            return null;
        }
    }

    /// <summary>Time of the last picture that was published; null before the first.</summary>
    public MediaTime? Done
    {
        get
        {
            lock (_doneLock)
            {
                return _done;
            }
        }
    }

    /// <summary>Chunks of the source behind the one that was published last.</summary>
    public int QueuedChunks => _feeds.ChunksAfter(Done);

    /// <summary>True where the picture read last does not continue the one read before.</summary>
    public bool IsBehindDiscontinuity => _reader?.IsBehindDiscontinuity == true;

    /// <summary>False where there is nothing to read until another fragment comes.</summary>
    public bool HasMore => _reader is not null || _feeds.Reaches(_from);

    /// <summary>The next picture, to be taken or passed; null when there is nothing left to decode for now.</summary>
    public LadderPicture? Next()
    {
        while (true)
        {
            _reader ??= _feeds.Attach(Rendition, _from);
            if (_reader.Next() is { } picture)
            {
                _from = picture.Time with { Ticks = picture.Time.Ticks + 1 };
                return picture;
            }

            if (_reader.IsOut)
            {
                Park();
            }
            else if (_feeds.TryMerge(_reader, _from) is { } merged)
            {
                _reader = merged;
            }
            else
            {
                return null;
            }
        }
    }

    /// <summary>The rendition's copy of a picture just read, which the caller disposes.</summary>
    public Picture Take(LadderPicture picture) => picture.Take(_reader!.Rung);

    /// <summary>The rendition does not want the picture just read.</summary>
    public void Pass(LadderPicture picture) => picture.Pass(_reader!.Rung);

    /// <summary>The picture just read is read again next, by whatever feed.</summary>
    public void PutBack(LadderPicture picture)
    {
        Pass(picture);
        Return(picture.Time);
    }

    /// <summary>Everything up to this picture is published.</summary>
    public void Publish(MediaTime picture)
    {
        lock (_doneLock)
        {
            _done = picture;
        }
    }

    /// <summary>Goes back, or on: the next picture is the first one from this time on.</summary>
    public void Return(MediaTime from)
    {
        Park();
        _from = from;
    }

    /// <summary>Lets go of the feed, so that nobody waits for this rendition while it waits for something else.</summary>
    public void Park()
    {
        _reader?.Dispose();
        _reader = null;
    }

    /// <summary>Leaves out whole chunks up to the newest keyframe, beginning with the picture just read; null where it is in the newest chunk.</summary>
    /// <param name="picture">Read just now.</param>
    /// <param name="atMost">Where to go on at the latest; null for anywhere.</param>
    public SkippedMedia? TrySkip(LadderPicture picture, MediaTime? atMost)
    {
        if (_feeds.ToNewestKeyframe(picture.Time, atMost) is not { } skipped)
        {
            return null;
        }

        Pass(picture);
        Return(skipped.Until);
        Publish(skipped.Until);
        return skipped;
    }

    /// <summary>True while the rendition reads nothing, and nothing is kept for it.</summary>
    public bool IsSittingOut
    {
        get
        {
            lock (_doneLock)
            {
                return _isSittingOut;
            }
        }
    }

    /// <summary>Reads nothing until <see cref="TryComeBack"/>, so that nothing has to be kept for it.</summary>
    /// <returns>What it had not read.</returns>
    public UnreadMedia SitOut()
    {
        Park();
        UnreadMedia unread = _feeds.Unread(_from);
        Sit(isOut: true);
        return unread;
    }

    /// <summary>Reads on from the newest keyframe, where that is not before a time; null where it is.</summary>
    public MediaTime? TryComeBack(MediaTime notBefore)
    {
        if (_feeds.TryComeBack(this, notBefore) is not { } keyframe)
        {
            return null;
        }

        Return(keyframe);
        return keyframe;
    }

    /// <summary>Under the feeds' lock: what comes behind that picture is kept for the rendition again.</summary>
    internal void ComeBack(MediaTime keyframe)
    {
        Publish(keyframe);
        Sit(isOut: false);
    }

    /// <inheritdoc cref="SourceFeeds.Leave"/>
    public UnreadMedia Leave()
    {
        Park();
        return _feeds.Leave(this, _from);
    }

    public void Dispose() => Leave();

    /// <inheritdoc cref="SourceFeeds.Offer"/>
    public void Offer(Fragment fragment) => _feeds.Offer(fragment);

    /// <inheritdoc cref="SourceFeeds.Complete"/>
    public void Complete() => _feeds.Complete();

    private void Sit(bool isOut)
    {
        lock (_doneLock)
        {
            _isSittingOut = isOut;
        }
    }
}
