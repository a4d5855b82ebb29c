namespace Rivet.Live.Tests.HlsCheck;

/// <summary>One thread and a clock that jumps to the next timer whenever there is nothing left to do: a minute passes in milliseconds.</summary>
internal sealed class VirtualTime : TimeProvider
{
    private readonly Queue<Action> _ready = new();
    private readonly PriorityQueue<VirtualTimer, (long Due, long Order)> _timers = new();
    private long _now = DateTimeOffset.UnixEpoch.AddYears(50).UtcTicks;
    private long _order;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => _now;

    public override DateTimeOffset GetUtcNow() => new(_now, TimeSpan.Zero);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        VirtualTimer timer = new(this, () => callback(state));
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Runs until the task is done, and returns it.</summary>
    public Task<T> Run<T>(Func<Task<T>> work)
    {
        SynchronizationContext? outer = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(new Context(_ready));
        try
        {
            Task<T> task = work();
            while (!task.IsCompleted)
            {
                if (_ready.TryDequeue(out Action? next))
                {
                    next();
                }
                else if (_timers.TryDequeue(out VirtualTimer? timer, out (long Due, long Order) at))
                {
                    _now = Math.Max(_now, at.Due);
                    timer.Fire(at.Due);
                }
                else
                {
                    throw new InvalidOperationException("Everybody waits for something that is not a timer.");
                }
            }

            return task;
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(outer);
        }
    }

    private sealed class Context(Queue<Action> ready) : SynchronizationContext
    {
        public override void Post(SendOrPostCallback callback, object? state) => ready.Enqueue(() => callback(state));
    }

    private sealed class VirtualTimer(VirtualTime time, Action fire) : ITimer
    {
        private long? _due;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            _due = dueTime == Timeout.InfiniteTimeSpan ? null : time._now + dueTime.Ticks;
            if (_due is { } due)
            {
                time._timers.Enqueue(this, (due, time._order++));
            }

            return true;
        }

        public void Fire(long due)
        {
            if (_due == due)
            {
                _due = null;
                fire();
            }
        }

        public void Dispose() => _due = null;

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
