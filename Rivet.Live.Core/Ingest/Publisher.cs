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

    public string Remote { get; } = remote;

    /// <summary>How it sends; known better once a manifest came.</summary>
    public string Dialect { get; set; } = dialect;

    /// <summary>What the publisher calls itself (User-Agent); empty where it does not.</summary>
    public string Client { get; init; } = "";

    /// <summary>Who lets it in: the same for connections that show the same key, or come from the same machine where no key is wanted.</summary>
    public string Owner { get; init; } = remote;

    /// <summary>When its newest bytes came, or else when they were first waited for, as <see cref="TimeProvider.GetTimestamp"/>; 0 before.</summary>
    public long HeardAt
    {
        get => Interlocked.Read(ref _heardAt);
        set => Interlocked.Exchange(ref _heardAt, value);
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
