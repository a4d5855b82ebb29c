namespace Rivet.Live.Core.Ingest;

/// <summary>One connection that publishes, or wants to. Disposed by whoever accepted the connection, once it is over.</summary>
/// <param name="remote">Address of the other end.</param>
/// <param name="dialect">How it sends, for example <c>fmp4-post</c>.</param>
internal sealed class Publisher(string remote, string dialect) : IDisposable
{
    private readonly Lock _closeLock = new();
    private readonly CancellationTokenSource _closing = new();
    private bool _disposed;
    private long _heardAt;
    private int _held;

    public string Remote { get; } = remote;

    /// <summary>How it sends; known better once a manifest came.</summary>
    public string Dialect { get; set; } = dialect;

    /// <summary>What the publisher calls itself (User-Agent); empty where it does not.</summary>
    public string Client { get; init; } = "";

    /// <summary>Who lets it in: the same for connections that show the same key, or come from the same machine where no key is wanted.</summary>
    public string Owner { get; init; } = remote;

    /// <summary>How long nothing has come though it was waited for: whoever is held back here is not silent, nor whoever was not listened to yet.</summary>
    public TimeSpan SilenceOn(TimeProvider time)
    {
        long heardAt = Interlocked.Read(ref _heardAt);
        return heardAt == 0 || Volatile.Read(ref _held) > 0 ? TimeSpan.Zero : time.GetElapsedTime(heardAt);
    }

    /// <summary>From here on its bytes are waited for.</summary>
    /// <param name="now">As <see cref="TimeProvider.GetTimestamp"/>.</param>
    public void Await(long now) => Interlocked.Exchange(ref _heardAt, now);

    /// <summary>Bytes came, and it is held back until what they bring is taken in: no more is read of it.</summary>
    public void Hold() => Interlocked.Increment(ref _held);

    /// <summary>They are taken in, and more are waited for.</summary>
    /// <param name="now">As <see cref="TimeProvider.GetTimestamp"/>.</param>
    public void LetGo(long now)
    {
        Await(now);
        Interlocked.Decrement(ref _held);
    }

    /// <summary>Which program that is.</summary>
    public EncoderProgram Program => Client switch
    {
        _ when Client.StartsWith("Lavf/", StringComparison.Ordinal) || Client.StartsWith("libobs", StringComparison.Ordinal) => EncoderProgram.Ffmpeg,
        _ when Client.StartsWith("GStreamer", StringComparison.Ordinal) => EncoderProgram.GStreamer,
        _ when Client.StartsWith("Mozilla/", StringComparison.Ordinal) => EncoderProgram.Browser,
        _ => EncoderProgram.Unknown,
    };

    /// <summary>What it sends in requests of their own; null for a publisher that sends one long body.</summary>
    public ObjectPublisher? Objects { get; set; }

    /// <summary>It wants the broadcast recorded.</summary>
    public bool Records { get; init; }

    /// <summary>Cancelled when the connection has to go.</summary>
    public CancellationToken Closing => _closing.Token;

    /// <summary>Why it has to go; null while it may stay.</summary>
    public IngestEndReason? ClosedFor { get; private set; }

    /// <summary>Ends the connection. The first reason holds.</summary>
    public void Close(IngestEndReason reason)
    {
        lock (_closeLock)
        {
            if (_disposed || ClosedFor is not null)
            {
                return;
            }

            ClosedFor = reason;

            // Sets the token here and runs what hangs on it elsewhere: nothing foreign runs under the lock.
            _ = _closing.CancelAsync();
        }
    }

    public void Dispose()
    {
        lock (_closeLock)
        {
            _disposed = true;
            _closing.Dispose();
        }
    }
}
