namespace Rivet.Live.Tests.Support;

/// <summary>The system's clock until a test stops it, so that what is asked for twice is the same; timers go on.</summary>
internal sealed class StoppableTime : TimeProvider
{
    private Moment? _stopped;

    public override DateTimeOffset GetUtcNow() => Volatile.Read(ref _stopped)?.Utc ?? System.GetUtcNow();

    public override long GetTimestamp() => Volatile.Read(ref _stopped)?.Timestamp ?? System.GetTimestamp();

    public void Stop() => Volatile.Write(ref _stopped, new Moment(System.GetUtcNow(), System.GetTimestamp()));

    private sealed record Moment(DateTimeOffset Utc, long Timestamp);
}
