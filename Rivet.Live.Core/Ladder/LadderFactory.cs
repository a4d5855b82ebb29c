using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Rivet.Live.Core.Broadcast;
using Rivet.Live.Core.Drains;
using Rivet.Live.Core.Encoding;
using Rivet.Live.Core.Media;

namespace Rivet.Live.Core.Ladder;

/// <summary>Makes the transcoders of a whole ladder: one factory per rendition, sharing one picture feed per broadcast and track.</summary>
internal sealed class LadderFactory : ITranscoderFactory
{
    private readonly Rendition _rendition;
    private readonly Feeds _feeds;

    private LadderFactory(Rendition rendition, Feeds feeds)
    {
        _rendition = rendition;
        _feeds = feeds;
    }

    public string Name => "ladder";

    public string Rendition => _rendition.Name;

    /// <summary>One factory per rendition of the ladder.</summary>
    /// <param name="ladder">All renditions; those above a source's height are left out for that source.</param>
    /// <param name="codecs">Opens decoders and scalers.</param>
    /// <param name="encoders">Opens encoders.</param>
    /// <param name="limits">What a feed may hold.</param>
    /// <param name="time">The clock that fragments are stamped with.</param>
    /// <param name="loggers">Where the ladder reports.</param>
    public static IReadOnlyList<ITranscoderFactory> ForLadder(
        IReadOnlyList<Rendition> ladder,
        Codecs codecs,
        EncoderFactory encoders,
        FeedLimits limits,
        TimeProvider time,
        ILoggerFactory loggers)
    {
        var feeds = new Feeds(ladder, codecs, encoders, limits, time, loggers.CreateLogger<LadderFactory>());
        return [.. ladder.Select(rendition => new LadderFactory(rendition, feeds))];
    }

    public ITranscoder? Build(TranscoderContext context)
    {
        bool isLadderSource = context.Source is { Kind: TrackKind.Video, Key.Track: "video" };
        bool tooSmall = context.Source.Track is { } track && track.Height < _rendition.Height;
        return isLadderSource && !tooSmall ? _feeds.Build(_rendition, context) : null;
    }

    private sealed class Feeds(
        IReadOnlyList<Rendition> ladder,
        Codecs codecs,
        EncoderFactory encoders,
        FeedLimits limits,
        TimeProvider time,
        ILogger logger)
    {
        private readonly ConcurrentDictionary<FragmentBroadcaster, PictureFeed> _open = [];

        public LadderTranscoder Build(Rendition rendition, TranscoderContext context)
        {
            PictureFeed feed = _open.GetOrAdd(context.Source, Open);
            return new LadderTranscoder(rendition, context, feed, encoders, time, logger);
        }

        private PictureFeed Open(FragmentBroadcaster source)
        {
            var decoder = new SourceDecoder(codecs, source.Session, ladder, threads: 1, logger);
            return new PictureFeed(decoder, limits, time, () => _open.TryRemove(source, out _));
        }
    }
}
