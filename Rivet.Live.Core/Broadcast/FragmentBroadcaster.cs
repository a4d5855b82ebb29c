using Rivet.Live.Core.Media;

namespace Rivet.Live.Core.Broadcast;

/// <summary>Fans one track's fragments out to its subscribers. One publisher, any number of readers; made by the registry.</summary>
/// <remarks>
/// Not a history: a subscriber sees what is published after it joined. The init travels with every fragment
/// (<see cref="Fragment.Track"/>), so a late or changed one reaches everybody at the right place.
/// </remarks>
public sealed class FragmentBroadcaster
{
    private readonly Lock _publishLock = new();

    // Swapped whole under _publishLock; Publish walks the array it read there.
    private FragmentSubscription[] _subscriptions = [];

    // Guarded by _publishLock.
    private Action<Fragment>[] _relays = [];

    // What was published before the creation was announced; null from then on. An observer that subscribes when told misses nothing.
    private List<Fragment>? _unannounced = [];

    private long _published;
    private bool _ended;

    private readonly TimeProvider _time;
    private TrackDescription? _track;

    internal FragmentBroadcaster(
        TrackKey key, TrackKind kind, BroadcastSession session, string? rendition, TrackDescription? track, TimeProvider time)
    {
        _track = track;
        _time = time;
        Key = key;
        Kind = kind;
        Session = session;
        Rendition = rendition;
    }

    public TrackKey Key { get; }

    public TrackKind Kind { get; }

    /// <summary>The broadcast that the track belongs to, with its timeline.</summary>
    public BroadcastSession Session { get; }

    /// <summary>The rendition that a transcoder publishes here; null for a track of the publisher's own.</summary>
    public string? Rendition { get; }

    /// <summary>The latest init that is known; null before the first.</summary>
    public TrackDescription? Track => Volatile.Read(ref _track);

    /// <summary>Fragments published so far.</summary>
    public long Published => Interlocked.Read(ref _published);

    /// <summary>Readers now subscribed.</summary>
    public int Subscribers => Volatile.Read(ref _subscriptions).Length;

    /// <summary>Hands the fragment to every subscriber and lets go of it. Never waits; after <see cref="End"/> it does nothing.</summary>
    public void Publish(Fragment fragment)
    {
        lock (_publishLock)
        {
            if (_ended)
            {
                fragment.Dispose();
                return;
            }

            fragment.Sequence = _published;
            fragment.PublishedAt = _time.GetTimestamp();
            Volatile.Write(ref _track, fragment.Track);
            Interlocked.Increment(ref _published);
            if (_unannounced is not null)
            {
                _unannounced.Add(fragment);
                return;
            }

            Deliver(fragment);
        }
    }

    /// <summary>Joins the track: everything published from now on, within the bound.</summary>
    public FragmentSubscription Subscribe(SubscriptionBound bound)
    {
        var subscription = new FragmentSubscription(bound, Leave);
        lock (_publishLock)
        {
            if (_ended)
            {
                subscription.End();
            }
            else
            {
                _subscriptions = [.. _subscriptions, subscription];
            }
        }

        return subscription;
    }

    /// <summary>Joins the track without a queue: everything published from now on is handed over where it is published, on the publisher's thread.</summary>
    /// <param name="take">Takes a fragment over, soon: the publisher and all subscribers wait for it.</param>
    public void Relay(Action<Fragment> take)
    {
        lock (_publishLock)
        {
            _relays = [.. _relays, take];
        }
    }

    /// <summary>No more fragments: subscribers read what is queued, then end. Idempotent.</summary>
    internal void End()
    {
        lock (_publishLock)
        {
            if (_ended)
            {
                return;
            }

            Announced();
            _ended = true;
            foreach (FragmentSubscription subscription in _subscriptions)
            {
                subscription.End();
            }

            _subscriptions = [];
        }
    }

    /// <summary>Everybody who wants to know of this track has been told: what waited goes out.</summary>
    internal void Announced()
    {
        lock (_publishLock)
        {
            List<Fragment> waiting = _unannounced ?? [];
            _unannounced = null;
            waiting.ForEach(Deliver);
        }
    }

    private void Deliver(Fragment fragment)
    {
        foreach (FragmentSubscription subscription in _subscriptions)
        {
            subscription.Offer(fragment);
        }

        foreach (Action<Fragment> take in _relays)
        {
            take(fragment.Share());
        }

        fragment.Dispose();
    }

    private void Leave(FragmentSubscription subscription)
    {
        lock (_publishLock)
        {
            _subscriptions = [.. _subscriptions.Where(other => other != subscription)];
        }
    }
}
