using Rivet.Live.Core.Broadcast;
using Rivet.Live.Core.Drains;
using Rivet.Live.Core.Ladder;

namespace Rivet.Live.Core.Pipeline;

/// <content>The ladder that broadcasts begin with, which operators may replace.</content>
internal sealed partial class LivePipeline
{
    private readonly Func<IReadOnlyList<Rendition>, LadderOffer> _offer;
    private volatile LadderOffer _ladder;

    /// <summary>What the next broadcast begins with.</summary>
    public IReadOnlyList<Rendition> Ladder => _ladder.Renditions;

    /// <summary>Broadcasts that begin from now on have this ladder; those that have begun keep theirs.</summary>
    /// <returns>Live broadcasts that go on with another one.</returns>
    public IReadOnlyList<BroadcastSession> ReplaceLadder(IReadOnlyList<Rendition> renditions)
    {
        lock (_enterLock)
        {
            if (!renditions.SequenceEqual(_ladder.Renditions))
            {
                _ladder = _offer(renditions);
            }

            return [.. _broadcasts.Values.Where(broadcast => !broadcast.IsEnding && !broadcast.Ladder.Renditions.SequenceEqual(renditions)).Select(static broadcast => broadcast.Session)];
        }
    }

    private void ShowThumbnail(BroadcastSession session, byte[] jpeg)
    {
        if (FindSession(session.SessionId) is { } broadcast)
        {
            broadcast.Thumbnail = new Thumbnail(jpeg, (broadcast.Thumbnail?.Number ?? 0) + 1);
        }
    }

    private IReadOnlyList<ITranscoderFactory> FactoriesOf(BroadcastSession session) => FindSession(session.SessionId)?.Ladder.Factories ?? [];
}
