namespace Rivet.Live.Core.Devices;

/// <summary>A place in the queue for a lease. Disposing it gives up the place, and the lease that nobody took.</summary>
internal sealed class LeaseClaim : IDisposable
{
    private readonly TaskCompletionSource _decided = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly IEncoderLender _lender;
    private readonly long _since;
    private readonly TimeProvider _time;
    private EncoderLease? _lease;
    private TimeSpan _waited;

    internal LeaseClaim(IEncoderLender lender, EncoderNeed need, TimeProvider time)
    {
        _lender = lender;
        Need = need;
        _time = time;
        _since = time.GetTimestamp();
    }

    public EncoderNeed Need { get; }

    /// <summary>Completes when there is a lease, or no device is left that could give one.</summary>
    public Task Decided => _decided.Task;

    /// <summary>True where no device is left that could serve this need.</summary>
    public bool IsHopeless { get; private set; }

    /// <summary>How long it has waited, or waited until it was decided.</summary>
    public TimeSpan Waited => _decided.Task.IsCompleted ? _waited : _time.GetElapsedTime(_since);

    /// <summary>The lease, once: the caller disposes it. Null before it is there.</summary>
    public EncoderLease? TryTake() => Interlocked.Exchange(ref _lease, null);

    public void Dispose()
    {
        _lender.Withdraw(this);
        TryTake()?.Dispose();
    }

    /// <summary>The lender's answer, under its lock.</summary>
    internal void Decide(EncoderLease? lease)
    {
        _waited = _time.GetElapsedTime(_since);
        _lease = lease;
        IsHopeless = lease is null;
        _decided.TrySetResult();
    }
}
