namespace Rivet.Live.Core.Broadcast;

/// <summary>One reader's bounded queue on one track. The publisher never waits for it.</summary>
/// <remarks>
/// When the queue is full the oldest fragments go first, then everything up to the next one that a decoder can start at, so that what is
/// read after a skip always begins with a keyframe, and is a discontinuity where one was lost. Every fragment that was lost is counted for this reader alone. One reader at a time.
/// </remarks>
public sealed class FragmentSubscription : IDisposable
{
    private readonly Lock _queueLock = new();
    private readonly Queue<Fragment> _queue = new();
    private readonly SubscriptionBound _bound;
    private readonly Action<FragmentSubscription> _left;
    private TaskCompletionSource<bool>? _arrival;
    private double _queuedSeconds;
    private long _skipped;
    private bool _awaitsSync;
    private bool _lostDiscontinuity;
    private bool _ended;

    internal FragmentSubscription(SubscriptionBound bound, Action<FragmentSubscription> left)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bound.Fragments, 1);
        _bound = bound;
        _left = left;
    }

    /// <summary>Fragments that this reader did not get because it was too slow.</summary>
    public long Skipped => Interlocked.Read(ref _skipped);

    /// <summary>Media that waits to be read, in seconds.</summary>
    public double QueuedSeconds
    {
        get
        {
            lock (_queueLock)
            {
                return _queuedSeconds;
            }
        }
    }

    /// <summary>The next fragment, which the caller disposes; null once the track has ended and everything was read.</summary>
    public async ValueTask<Fragment?> ReadAsync(CancellationToken aborting)
    {
        while (true)
        {
            Task<bool> arrival;
            lock (_queueLock)
            {
                if (_queue.TryDequeue(out Fragment? fragment))
                {
                    _queuedSeconds = _queue.Count == 0 ? 0 : _queuedSeconds - SecondsOf(fragment);
                    bool isDiscontinuity = fragment.IsDiscontinuity || _lostDiscontinuity;
                    _lostDiscontinuity = false;
                    return fragment.Shifted(ticks: 0, isDiscontinuity);
                }

                if (_ended)
                {
                    return null;
                }

                _arrival ??= new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
                arrival = _arrival.Task;
            }

            await arrival.WaitAsync(aborting);
        }
    }

    /// <summary>Leaves the track and gives back what was not read.</summary>
    public void Dispose()
    {
        _left(this);
        lock (_queueLock)
        {
            _ended = true;
            Drop(_queue.Count);
            Wake();
        }
    }

    internal void Offer(Fragment fragment)
    {
        lock (_queueLock)
        {
            if (_ended)
            {
                return;
            }

            while (_queue.Count > 0 && (_queue.Count >= _bound.Fragments || _queuedSeconds > _bound.Seconds))
            {
                Drop(1);
                DropToSync();
            }

            if (_awaitsSync && !fragment.StartsWithSync)
            {
                _lostDiscontinuity |= fragment.IsDiscontinuity;
                Interlocked.Increment(ref _skipped);
                return;
            }

            _awaitsSync = false;
            _queue.Enqueue(fragment.Share());
            _queuedSeconds += SecondsOf(fragment);
            Wake();
        }
    }

    internal void End()
    {
        lock (_queueLock)
        {
            _ended = true;
            Wake();
        }
    }

    private static double SecondsOf(Fragment fragment) => fragment.End.Seconds - fragment.Start.Seconds;

    private void DropToSync()
    {
        while (_queue.TryPeek(out Fragment? head) && !head.StartsWithSync)
        {
            Drop(1);
        }

        _awaitsSync = _queue.Count == 0;
    }

    private void Drop(int count)
    {
        for (int dropped = 0; dropped < count; dropped++)
        {
            Fragment fragment = _queue.Dequeue();
            _queuedSeconds = _queue.Count == 0 ? 0 : _queuedSeconds - SecondsOf(fragment);
            _lostDiscontinuity |= fragment.IsDiscontinuity;
            fragment.Dispose();
            if (!_ended)
            {
                Interlocked.Increment(ref _skipped);
            }
        }
    }

    private void Wake()
    {
        _arrival?.TrySetResult(true);
        _arrival = null;
    }
}
