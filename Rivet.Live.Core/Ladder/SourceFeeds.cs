using Microsoft.Extensions.Logging;
using Rivet.Live.Core.Broadcast;
using Rivet.Live.Core.Devices;
using Rivet.Live.Core.Encoding;
using Rivet.Live.Core.Media;

namespace Rivet.Live.Core.Ladder;

/// <summary>A broadcast's video for all its renditions: one feed of pictures that all share who keep up, and one more for whoever has to go back.</summary>
/// <remarks>
/// <code>
/// fragments ──┬─▶ log (compressed, until published by all)
///             └─▶ feed ──▶ 720p, 480p       decoded once, at the live edge
///                 feed ──▶ 240p             from the log: it waited for a lease, or its encoder failed; joins the first when it has caught up
/// </code>
/// </remarks>
internal sealed class SourceFeeds
{
    /// <summary>A feed further behind than this is not joined: what lies between would be decoded for nothing.</summary>
    private const double JoinedWithinSeconds = 0.5;

    private readonly IReadOnlyList<Rendition> _ladder;
    private readonly Codecs _codecs;
    private readonly DecoderDesk _decoders;
    private readonly BroadcastSession _session;
    private readonly FeedLimits _limits;
    private readonly ThumbnailMaker? _thumbnails;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Action _closed;

    // Guards everything below. Taken before any feed's own locks, never after.
    private readonly Lock _feedsLock = new();
    private readonly SourceLog _log;
    private readonly List<RenditionReader> _renditions = [];
    private PictureFeed[] _feeds = [];
    private long _lastOffered = -1;
    private bool _completed;

    /// <param name="ladder">All renditions that are configured.</param>
    /// <param name="codecs">Opens scalers.</param>
    /// <param name="decoders">Opens decoders.</param>
    /// <param name="session">Whose grid says where chunks start.</param>
    /// <param name="limits">How much may wait, and for how long.</param>
    /// <param name="thumbnails">Is offered every picture; null where none are wanted.</param>
    /// <param name="time">The clock that fragments are stamped with.</param>
    /// <param name="logger">Hears of damaged samples.</param>
    /// <param name="closed">Called once, when the last rendition has left.</param>
    public SourceFeeds(
        IReadOnlyList<Rendition> ladder,
        Codecs codecs,
        DecoderDesk decoders,
        BroadcastSession session,
        FeedLimits limits,
        ThumbnailMaker? thumbnails,
        TimeProvider time,
        ILogger logger,
        Action closed)
    {
        _ladder = ladder;
        _codecs = codecs;
        _decoders = decoders;
        _session = session;
        _limits = limits;
        _thumbnails = thumbnails;
        _time = time;
        _logger = logger;
        _closed = closed;
        _log = new SourceLog(limits.KeptMax);
    }

    /// <summary>The usual distance of the source's pictures.</summary>
    public FrameSpacing Spacing { get; } = new();

    /// <summary>The source's init as it came last; null before the first fragment.</summary>
    public TrackDescription? Track { get; private set; }

    /// <summary>The rungs for the source at hand, from the largest to the smallest; empty before the first fragment.</summary>
    public IReadOnlyList<Rung> Rungs { get; private set; } = [];

    /// <summary>A place for one rendition, beginning with the first picture.</summary>
    public RenditionReader Enter(string rendition)
    {
        RenditionReader reader = new(this, rendition);
        lock (_feedsLock)
        {
            _renditions.Add(reader);
        }

        return reader;
    }

    /// <summary>Brings a fragment. Every rendition's drain does; the first one counts.</summary>
    public void Offer(Fragment fragment)
    {
        lock (_feedsLock)
        {
            if (fragment.Sequence <= _lastOffered)
            {
                return;
            }

            _lastOffered = fragment.Sequence;
            Track = fragment.Track;
            Rungs = Rungs.Count == 0 ? LadderPlanner.Plan(fragment.Track, _ladder) : Rungs;
            Spacing.Learn(fragment);
            _log.Append(fragment, Needed());
            foreach (PictureFeed feed in _feeds)
            {
                feed.Offer(fragment);
            }
        }
    }

    /// <summary>No more fragments: the pictures still inside decoders come out. Every rendition's drain says so; the first one counts.</summary>
    public void Complete()
    {
        lock (_feedsLock)
        {
            _completed = true;
            foreach (PictureFeed feed in _feeds)
            {
                feed.Complete();
            }
        }
    }

    /// <summary>A reader of the pictures from a time on: of a feed that has not come there yet, or of a new one out of the log.</summary>
    /// <param name="rendition">Whose.</param>
    /// <param name="from">Null for the first picture there is.</param>
    public FeedReader Attach(string rendition, MediaTime? from)
    {
        lock (_feedsLock)
        {
            return Join(rendition, from, _feeds) ?? Open(from).Join(rendition, from);
        }
    }

    /// <summary>Moves a reader that has caught up to an older feed, so that its pictures are decoded once again; null where there is none.</summary>
    public FeedReader? TryMerge(FeedReader reader, MediaTime? from)
    {
        if (Volatile.Read(ref _feeds).Length == 1)
        {
            return null;
        }

        lock (_feedsLock)
        {
            FeedReader? merged = Join(reader.Rendition, from, _feeds.TakeWhile(feed => feed != reader.Feed));
            if (merged is not null)
            {
                reader.Dispose();
            }

            return merged;
        }
    }

    /// <inheritdoc cref="SourceLog.Reaches"/>
    public bool Reaches(MediaTime? from)
    {
        lock (_feedsLock)
        {
            return _log.Reaches(from);
        }
    }

    /// <inheritdoc cref="SourceLog.ToNewestKeyframe"/>
    public SkippedMedia? ToNewestKeyframe(MediaTime from, MediaTime? atMost)
    {
        lock (_feedsLock)
        {
            return _log.ToNewestKeyframe(from, atMost);
        }
    }

    /// <inheritdoc cref="SourceLog.ChunkAfter"/>
    public SourceChunk? ChunkAfter(MediaTime time)
    {
        lock (_feedsLock)
        {
            return _log.ChunkAfter(time, _session.Grid);
        }
    }

    /// <inheritdoc cref="SourceLog.ChunksAfter"/>
    public int ChunksAfter(MediaTime? time)
    {
        lock (_feedsLock)
        {
            return _log.ChunksAfter(time, _session.Grid);
        }
    }

    /// <summary>A reader of the pictures from a chunk's start on, decoded for it alone; it ends some time behind the chunk.</summary>
    /// <param name="rendition">Whose rung it reads.</param>
    /// <param name="start">The chunk's first picture.</param>
    public FeedReader ReadChunk(string rendition, MediaTime start)
    {
        var decoder = new SourceDecoder(_codecs, _decoders, _session, _ladder, Spacing, threads: 1, _logger);
        var feed = new PictureFeed(decoder, FeedLimits.Lossless, _time, start, static () => { });
        FeedReader reader = feed.Join(rendition, start);
        lock (_feedsLock)
        {
            foreach (Fragment fragment in _log.Since(start))
            {
                feed.Offer(fragment);
            }
        }

        feed.Complete();
        return reader;
    }

    /// <inheritdoc cref="SourceLog.Unread"/>
    public UnreadMedia Unread(MediaTime? from)
    {
        lock (_feedsLock)
        {
            return _log.Unread(from, _lastOffered);
        }
    }

    /// <summary>Keeps media again for a rendition that sat out, from the newest keyframe on; null where that is before a time.</summary>
    public MediaTime? TryComeBack(RenditionReader reader, MediaTime notBefore)
    {
        lock (_feedsLock)
        {
            if (_log.NewestKeyframe is not { } keyframe || keyframe < notBefore)
            {
                return null;
            }

            reader.ComeBack(keyframe);
            return keyframe;
        }
    }

    /// <summary>The rendition needs nothing any more. The last one to leave closes the feeds.</summary>
    /// <returns>What it had not read.</returns>
    public UnreadMedia Leave(RenditionReader reader, MediaTime? from)
    {
        UnreadMedia unread;
        bool isLast;
        lock (_feedsLock)
        {
            if (!_renditions.Remove(reader))
            {
                return new UnreadMedia(0, _lastOffered, End: null, HasDiscontinuity: false);
            }

            unread = _log.Unread(from, _lastOffered);
            isLast = _renditions.Count == 0;
            if (isLast)
            {
                _log.Clear();
            }
        }

        if (isLast)
        {
            _closed();
        }

        return unread;
    }

    private static FeedReader? Join(string rendition, MediaTime? from, IEnumerable<PictureFeed> feeds) =>
        feeds.Select(feed => feed.TryJoin(rendition, from, JoinedWithinSeconds)).FirstOrDefault(static reader => reader is not null);

    private PictureFeed Open(MediaTime? from)
    {
        IReadOnlyList<Fragment> fragments = _log.Since(from);
        MediaTime? beginning = fragments is [{ } first, ..] && from is not null ? first.Start : null;
        PictureFeed? feed = null;
        var decoder = new SourceDecoder(_codecs, _decoders, _session, _ladder, Spacing, threads: 1, _logger);
        feed = new PictureFeed(decoder, _limits, _time, beginning, () => Close(feed!), _thumbnails);
        foreach (Fragment fragment in fragments)
        {
            feed.Offer(fragment);
        }

        if (_completed)
        {
            feed.Complete();
        }

        Volatile.Write(ref _feeds, [.. _feeds, feed]);
        return feed;
    }

    private void Close(PictureFeed feed)
    {
        lock (_feedsLock)
        {
            Volatile.Write(ref _feeds, [.. _feeds.Where(other => other != feed)]);
        }
    }

    /// <summary>The earliest time whose chunk some rendition has not published; null where one has not begun.</summary>
    private MediaTime? Needed()
    {
        MediaTime? earliest = null;
        foreach (RenditionReader rendition in _renditions)
        {
            // A rendition that the source is too small for never publishes, and one that sits out will not publish this.
            if (rendition.IsSittingOut || (Rungs.Count > 0 && !Rungs.Any(rung => rung.Rendition.Name == rendition.Rendition)))
            {
                continue;
            }

            if (rendition.Done is not { } done)
            {
                return null;
            }

            earliest = earliest is { } time && time < done ? time : done;
        }

        return earliest;
    }
}
