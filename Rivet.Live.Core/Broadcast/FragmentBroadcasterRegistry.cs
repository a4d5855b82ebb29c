using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Rivet.Live.Core.Media;

namespace Rivet.Live.Core.Broadcast;

/// <summary>Every live track, by broadcast and name: the one door between those who publish and those who read.</summary>
/// <param name="logger">Where observers that throw are told of.</param>
/// <param name="time">Stamps fragments when they are published.</param>
public sealed partial class FragmentBroadcasterRegistry(ILogger<FragmentBroadcasterRegistry> logger, TimeProvider time)
{
    // Guards both collections for memory only: no callback and no fragment passes under it.
    private readonly Lock _entriesLock = new();
    private readonly Dictionary<TrackKey, FragmentBroadcaster> _entries = [];
    private ImmutableArray<TrackObserver> _observers = [];

    /// <summary>The clock that fragments are stamped with.</summary>
    public TimeProvider Time => time;

    /// <summary>All tracks at this moment.</summary>
    public IReadOnlyList<FragmentBroadcaster> Tracks
    {
        get
        {
            lock (_entriesLock)
            {
                return [.. _entries.Values];
            }
        }
    }

    /// <summary>Tells the observer of every track that exists now and of each one opened or removed from now on, exactly once.</summary>
    /// <returns>Dispose it to hear no more.</returns>
    public IDisposable Observe(Action<FragmentBroadcaster> opened, Action<FragmentBroadcaster> removed)
    {
        var observer = new TrackObserver(opened, removed, Forget);
        FragmentBroadcaster[] existing;
        lock (_entriesLock)
        {
            _observers = _observers.Add(observer);
            existing = [.. _entries.Values];
        }

        foreach (FragmentBroadcaster track in existing)
        {
            Tell(observer.Opened, track);
        }

        return observer;
    }

    /// <summary>The track's broadcaster; made and announced by the first caller, the same for all others.</summary>
    /// <param name="key">Broadcast and track.</param>
    /// <param name="kind">What its samples are.</param>
    /// <param name="session">The broadcast's session; a caller that is not the first gets the first one's.</param>
    /// <param name="rendition">Name of the rendition a transcoder publishes here, null for the publisher's own tracks.</param>
    /// <param name="track">The init, where it is known already.</param>
    public FragmentBroadcaster GetOrCreate(
        TrackKey key, TrackKind kind, BroadcastSession session, string? rendition = null, TrackDescription? track = null)
    {
        FragmentBroadcaster created;
        ImmutableArray<TrackObserver> observers;
        lock (_entriesLock)
        {
            if (_entries.TryGetValue(key, out FragmentBroadcaster? existing))
            {
                return existing;
            }

            created = new FragmentBroadcaster(key, kind, session, rendition, track, time);
            _entries.Add(key, created);
            observers = _observers;
        }

        foreach (TrackObserver observer in observers)
        {
            Tell(observer.Opened, created);
        }

        created.Announced();
        return created;
    }

    /// <summary>The track's broadcaster, or null where there is none.</summary>
    public FragmentBroadcaster? Find(TrackKey key)
    {
        lock (_entriesLock)
        {
            return _entries.GetValueOrDefault(key);
        }
    }

    /// <summary>Ends the track (readers drain, then end), takes it out and announces that. False where it was gone already.</summary>
    public bool Remove(FragmentBroadcaster track)
    {
        ImmutableArray<TrackObserver> observers;
        lock (_entriesLock)
        {
            if (!_entries.TryGetValue(track.Key, out FragmentBroadcaster? entry) || entry != track)
            {
                return false;
            }

            _entries.Remove(track.Key);
            observers = _observers;
        }

        track.End();
        foreach (TrackObserver observer in observers)
        {
            Tell(observer.Removed, track);
        }

        return true;
    }

    private void Tell(Action<FragmentBroadcaster> callback, FragmentBroadcaster track)
    {
        try
        {
            callback(track);
        }
        catch (Exception exception)
        {
            // By design: an observer's bug must not reach the publisher whose thread this is.
            LogObserverFailed(logger, track.Key, exception);
        }
    }

    private void Forget(TrackObserver observer)
    {
        lock (_entriesLock)
        {
            _observers = _observers.Remove(observer);
        }
    }

    [LoggerMessage(2001, LogLevel.Error, "An observer of {Track} threw; the track goes on without it.")]
    private static partial void LogObserverFailed(ILogger logger, TrackKey track, Exception exception);
}
