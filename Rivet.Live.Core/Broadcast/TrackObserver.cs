namespace Rivet.Live.Core.Broadcast;

/// <summary>Somebody who hears of tracks that open and go.</summary>
internal sealed class TrackObserver(
    Action<FragmentBroadcaster> opened,
    Action<FragmentBroadcaster> removed,
    Action<TrackObserver> forget) : IDisposable
{
    public Action<FragmentBroadcaster> Opened { get; } = opened;

    public Action<FragmentBroadcaster> Removed { get; } = removed;

    public void Dispose() => forget(this);
}
