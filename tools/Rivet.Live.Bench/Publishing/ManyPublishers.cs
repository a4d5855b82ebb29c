using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Rivet.Live.Bench.Publishing;

/// <summary>Publishers that all send the same in real time over sockets of their own, and cost next to nothing themselves. Disposing ends them.</summary>
internal sealed class ManyPublishers : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly Task[] _sending;
    private readonly double _fragmentSeconds;
    private readonly long[] _began;

    /// <param name="server">Where each has a broadcast of its own: <c>ingest/bench/NUMBER</c>.</param>
    /// <param name="source">What they send.</param>
    /// <param name="count">How many; they begin spread over a fragment's length.</param>
    public ManyPublishers(Uri server, PublisherSource source, int count)
    {
        byte[][] pieces = [Chunk(source.Init), .. source.Fragments.Select(Chunk)];
        _fragmentSeconds = source.FragmentSeconds;
        _began = new long[count];
        _sending = [.. Enumerable.Range(0, count).Select(number => SendAsync(server, number, pieces, source.FragmentSeconds, (double)number / count))];
    }

    /// <summary>True while all of them send.</summary>
    public bool AreRunning => !Array.Exists(_sending, static task => task.IsCompleted);

    /// <summary>When a publisher would have written a fragment if nobody had held it up.</summary>
    public long DueAt(int publisher, int fragment) => Volatile.Read(ref _began[publisher]) + (long)((fragment + 1) * _fragmentSeconds * TimeProvider.System.TimestampFrequency);

    /// <summary>Fails where one has come to its end already: what was measured meanwhile is worth nothing.</summary>
    public async Task MustBeRunningAsync()
    {
        if (Array.Find(_sending, static task => task.IsCompleted) is { } over)
        {
            await over;
            throw new InvalidOperationException("A publisher came to its end before the measurement did.");
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();

        // However they end: whoever measures asks before whether they do.
        await Task.WhenAll(_sending).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private static byte[] Chunk(ReadOnlyMemory<byte> bytes) =>
        [.. System.Text.Encoding.ASCII.GetBytes(bytes.Length.ToString("x", CultureInfo.InvariantCulture) + "\r\n"), .. bytes.Span, .. "\r\n"u8];

    private async Task SendAsync(Uri server, int number, byte[][] pieces, double fragmentSeconds, double shift)
    {
        await Task.Yield();
        TimeProvider time = TimeProvider.System;
        using Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await Task.Delay(TimeSpan.FromSeconds(shift * fragmentSeconds), time, _stop.Token);
        await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, server.Port), _stop.Token);
        string head = string.Create(
            CultureInfo.InvariantCulture, $"PUT /ingest/bench/{number} HTTP/1.1\r\nHost: {server.Authority}\r\nTransfer-Encoding: chunked\r\n\r\n");
        await WriteAsync(socket, System.Text.Encoding.ASCII.GetBytes(head));
        await WriteAsync(socket, pieces[0]);
        long began = time.GetTimestamp();
        Volatile.Write(ref _began[number], began);
        for (int fragment = 0; fragment < pieces.Length - 1; fragment++)
        {
            TimeSpan early = TimeSpan.FromSeconds((fragment + 1) * fragmentSeconds) - time.GetElapsedTime(began);
            if (early > TimeSpan.Zero)
            {
                await Task.Delay(early, time, _stop.Token);
            }

            await WriteAsync(socket, pieces[fragment + 1]);
        }
    }

    private async Task WriteAsync(Socket socket, byte[] bytes)
    {
        for (int sent = 0; sent < bytes.Length;)
        {
            sent += await socket.SendAsync(bytes.AsMemory(sent), _stop.Token);
        }
    }
}
