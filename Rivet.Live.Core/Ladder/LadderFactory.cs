using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Rivet.Live.Core.Broadcast;
using Rivet.Live.Core.Drains;
using Rivet.Live.Core.Encoding;
using Rivet.Live.Core.Media;

namespace Rivet.Live.Core.Ladder;

/// <summary>Makes the transcoders of a whole ladder: one factory per rendition, sharing one decode and one place to claim leases per broadcast and track, and one desk that sends helpers.</summary>
internal sealed class LadderFactory : ITranscoderFactory
{
    public const string TranscoderName = "ladder";

    private readonly Rendition _rendition;
    private readonly Shared _shared;

    private LadderFactory(Rendition rendition, Shared shared)
    {
        _rendition = rendition;
        _shared = shared;
    }

    public string Name => TranscoderName;

    public string Rendition => _rendition.Name;

    /// <summary>One factory per rendition of the ladder.</summary>
    /// <param name="rules">What they are told to do.</param>
    /// <param name="codecs">Opens scalers.</param>
    /// <param name="encoders">Sets encoders up.</param>
    /// <param name="loads">Says which renditions give way.</param>
    /// <param name="time">The clock that fragments are stamped with.</param>
    /// <param name="loggers">Where the ladder reports.</param>
    /// <param name="desk">Sends helpers; null for one of its own.</param>
    public static IReadOnlyList<ITranscoderFactory> ForLadder(
        LadderRules rules, Codecs codecs, EncoderFactory encoders, IRenditionLoads loads, TimeProvider time, ILoggerFactory loggers, HelpDesk? desk = null)
    {
        ILogger logger = loggers.CreateLogger<LadderFactory>();
        var shared = new Shared(rules, codecs, encoders, desk ?? new HelpDesk(encoders, time, logger), loads, time, logger);
        return [.. rules.Renditions.Select(rendition => new LadderFactory(rendition, shared))];
    }

    /// <summary>True where a track gets that rendition, for all that is known of it.</summary>
    public static bool Suits(Rendition rendition, TranscoderContext context)
    {
        bool isLadderSource = context.Source is { Kind: TrackKind.Video, Key.Track: "video" };
        bool tooSmall = context.Source.Track is { } track && track.Height < rendition.Height;
        return isLadderSource && !tooSmall;
    }

    public ITranscoder? Build(TranscoderContext context) => Suits(_rendition, context) ? _shared.Build(_rendition, context) : null;

    private sealed class Shared(LadderRules rules, Codecs codecs, EncoderFactory encoders, HelpDesk desk, IRenditionLoads loads, TimeProvider time, ILogger logger)
    {
        private readonly ConcurrentDictionary<FragmentBroadcaster, (SourceFeeds Feeds, LadderClaims Claims)> _open = [];

        public LadderTranscoder Build(Rendition rendition, TranscoderContext context)
        {
            (SourceFeeds feeds, LadderClaims claims) = _open.GetOrAdd(context.Source, Open);
            return new LadderTranscoder(rendition, rules, context, feeds, claims, encoders, desk, loads, time, logger);
        }

        private (SourceFeeds Feeds, LadderClaims Claims) Open(FragmentBroadcaster source)
        {
            ThumbnailMaker thumbnails = new(codecs, source.Session.Broadcast, jpeg => rules.ThumbnailMade(source.Session, jpeg), time, logger);
            SourceFeeds feeds = new(
                rules.Renditions, codecs, encoders.Devices.Decoders, source.Session, rules.Limits, thumbnails, time, logger, () => _open.TryRemove(source, out _));
            return (feeds, new LadderClaims(encoders.Devices, feeds, source.Session.Broadcast));
        }
    }
}
