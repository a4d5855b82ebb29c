using Rivet.Live.Core.Demuxing;
using Rivet.Live.Core.Ingest;
using Rivet.Live.Core.Media;

namespace Rivet.Live.Core.Pipeline;

/// <content>Publishers that send many requests: which of them belong together, and when such a publisher is gone.</content>
internal sealed partial class LivePipeline
{
    private static readonly TimeSpan JoinRetry = TimeSpan.FromMilliseconds(50);

    /// <summary>
    /// Lets a body of an object publisher in: of the one that is there, or of a new one. Whoever gets one ends the body with
    /// <see cref="ObjectPublisher.EndBody"/>.
    /// </summary>
    /// <param name="id">The broadcast.</param>
    /// <param name="newcomer">Becomes the publisher where there is none; taken over.</param>
    /// <param name="mayJoin">Whether the body may belong to the publisher that is there.</param>
    /// <param name="takesOver">Close whoever publishes now, unless it is the same.</param>
    /// <param name="requestAborted">The body's connection is gone.</param>
    public async Task<(LiveBroadcast? Broadcast, ObjectPublisher? Objects, EnterRefusal? Refusal)> EnterObjectsAsync(
        BroadcastId id, Publisher newcomer, Func<Publisher, bool> mayJoin, bool takesOver, CancellationToken requestAborted)
    {
        newcomer.Objects = new ObjectPublisher(newcomer, _registry, _payloads, _plan.IngestLimits, _time);
        while (true)
        {
            if (Find(id)?.Point.Publisher is { Objects: not null } there && mayJoin(there))
            {
                if (JoinObjects(id, mayJoin) is var (known, objects))
                {
                    newcomer.Dispose();
                    return (known, objects, null);
                }

                // It is about to leave.
                await Task.Delay(JoinRetry, _time, requestAborted);
                continue;
            }

            (LiveBroadcast? broadcast, EnterRefusal? refusal) = await EnterAsync(id, newcomer, takesOver, requestAborted);
            if (broadcast is not null)
            {
                LogPublishing(_logger, id, newcomer.Remote, newcomer.Dialect);
                _ = WatchAsync(() => KeepObjectsAsync(broadcast, newcomer, newcomer.Objects), broadcast);
                return (broadcast, newcomer.Objects, null);
            }

            if (refusal != EnterRefusal.AlreadyPublished || Find(id)?.Point.Publisher is not { Objects: not null } other || !mayJoin(other))
            {
                newcomer.Dispose();
                return (null, null, refusal);
            }
        }
    }

    /// <summary>Begins a body of the object publisher that is there; null where there is none.</summary>
    public (LiveBroadcast Broadcast, ObjectPublisher Objects)? JoinObjects(BroadcastId id, Func<Publisher, bool> mayJoin) =>
        Find(id) is { IsEnding: false, Point.Publisher: { Objects: { } objects } publisher } broadcast && mayJoin(publisher) && objects.TryBeginBody()
            ? (broadcast, objects)
            : null;

    /// <summary>An object's bytes could not be ingested: the publisher goes on with the next one, and the log says so.</summary>
    public void NoteRejected(BroadcastId id, IngestRejectedException rejected) => LogRejected(_logger, id, rejected.Reason.Word(), rejected.Message);

    private async Task KeepObjectsAsync(LiveBroadcast broadcast, Publisher publisher, ObjectPublisher objects)
    {
        IngestEndReason reason = IngestEndReason.Broken;
        try
        {
            reason = await objects.RunAsync(_plan.IngestLimits.Idle, _stopped.Token);
        }
        finally
        {
            LogPublisherGone(_logger, broadcast.Session.Broadcast, reason, objects.Bytes, objects.Fragments);
            objects.Dispose();
            if (broadcast.Point.Leave(publisher))
            {
                EndOrAwaitReturn(broadcast, reason);
            }

            publisher.Dispose();
        }
    }
}
