using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Rivet.Live.Bench.Hostile;

/// <summary>Strangers without a key, of five kinds. Who is thrown out comes back.</summary>
internal sealed class HostileCrowd(IPEndPoint server, CancellationToken over)
{
    /// <summary>The verb that a child process of ours is started with.</summary>
    public const string Verb = "hostile-crowd";

    private const int AnswerBytesMax = 4096;

    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(100);

    private static readonly byte[] Zeros = new byte[64 * 1024];

    private readonly Dictionary<string, Count> _counts = [];

    public static async Task<HostileKind[]> RunAsync(BenchOptions options)
    {
        using (var self = Process.GetCurrentProcess())
        {
            self.PriorityClass = ProcessPriorityClass.Idle;
        }

        using CancellationTokenSource over = new(TimeSpan.FromSeconds(options.Number("seconds", 30)), TimeProvider.System);
        HostileCrowd crowd = new(new IPEndPoint(IPAddress.Loopback, options.Number("port", 8080)), over.Token);
        (string Name, Func<Socket, Count, Task> Act)[] kinds =
        [
            ("say nothing", crowd.SayNothingAsync),
            ("a head, letter by letter", crowd.DawdleAsync),
            ("noise", crowd.MakeNoiseAsync),
            ("a wrong key, and 64 KB after 64 KB", crowd.PushAsync),
            ("requests as fast as they are answered", crowd.AskAsync),
        ];
        int each = options.Number("connections", 1000) / kinds.Length;
        await Task.WhenAll(kinds.SelectMany(kind => Enumerable.Range(0, each).Select(_ => crowd.ComeAgainAsync(kind.Name, kind.Act))));
        return [.. kinds.Select(kind => crowd._counts[kind.Name].Read(kind.Name, each))];
    }

    private async Task ComeAgainAsync(string name, Func<Socket, Count, Task> act)
    {
        Count count;
        lock (_counts)
        {
            count = _counts.TryGetValue(name, out Count? known) ? known : _counts[name] = new Count();
        }

        while (!over.IsCancellationRequested)
        {
            using Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                if (await IsLetInAsync(socket, count))
                {
                    await act(socket, count);
                }

                await Task.Delay(Patience, TimeProvider.System, over);
            }
            catch (SocketException)
            {
                // By design: it was thrown out.
            }
            catch (OperationCanceledException) when (over.IsCancellationRequested)
            {
                // By design: the time is up.
            }
        }
    }

    private async Task<bool> IsLetInAsync(Socket socket, Count count)
    {
        try
        {
            await socket.ConnectAsync(server, over);
            count.CountOpened();
            return true;
        }
        catch (SocketException)
        {
            count.CountFailed();
            return false;
        }
    }

    private async Task SayNothingAsync(Socket socket, Count count) => await ReadToEndAsync(socket, count);

    private async Task DawdleAsync(Socket socket, Count count)
    {
        await SendAsync(socket, count, "PUT /ingest/live/hostile HTTP/1.1\r\nHost: x\r\nX-Slow: "u8.ToArray());
        Task gone = ReadToEndAsync(socket, count);
        while (!gone.IsCompleted)
        {
            await SendAsync(socket, count, "a"u8.ToArray());
            await Task.WhenAny(gone, Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System, over));
        }

        await gone;
    }

    private async Task MakeNoiseAsync(Socket socket, Count count)
    {
        byte[] noise = new byte[Random.Shared.Next(1, 4096)];
        Random.Shared.NextBytes(noise);
        await SendAsync(socket, count, noise);
        await ReadToEndAsync(socket, count);
    }

    private async Task PushAsync(Socket socket, Count count)
    {
        await SendAsync(socket, count, "PUT /ingest/live/hostile?key=wrong HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"u8.ToArray());
        Task gone = ReadToEndAsync(socket, count);
        while (true)
        {
            await SendAsync(socket, count, "10000\r\n"u8.ToArray());
            await SendAsync(socket, count, Zeros);
            await SendAsync(socket, count, "\r\n"u8.ToArray());
            if (gone.IsCompleted)
            {
                await gone;
                return;
            }
        }
    }

    private async Task AskAsync(Socket socket, Count count)
    {
        byte[][] questions =
        [
            "GET /hls/live/none/master.m3u8 HTTP/1.1\r\nHost: x\r\n\r\n"u8.ToArray(),
            "GET /nowhere HTTP/1.1\r\nHost: x\r\n\r\n"u8.ToArray(),
            "GET /ingest/live/hostile HTTP/1.1\r\nHost: x\r\n\r\n"u8.ToArray(),
            "OPTIONS /hls/live/none/master.m3u8 HTTP/1.1\r\nHost: x\r\n\r\n"u8.ToArray(),
        ];
        byte[] answer = new byte[AnswerBytesMax];
        while (true)
        {
            await SendAsync(socket, count, questions[Random.Shared.Next(questions.Length)]);
            if (await socket.ReceiveAsync(answer, over) == 0)
            {
                return;
            }

            count.CountAnswer();
        }
    }

    private async Task SendAsync(Socket socket, Count count, byte[] bytes)
    {
        for (int sent = 0; sent < bytes.Length;)
        {
            int some = await socket.SendAsync(bytes.AsMemory(sent), over);
            sent += some;
            count.CountBytes(some);
        }
    }

    private async Task ReadToEndAsync(Socket socket, Count count)
    {
        byte[] answer = new byte[AnswerBytesMax];
        while (await socket.ReceiveAsync(answer, over) > 0)
        {
            count.CountAnswer();
        }
    }

    /// <summary>Of one kind.</summary>
    private sealed class Count
    {
        private long _opened;
        private long _failed;
        private long _answers;
        private long _bytes;

        public void CountOpened() => Interlocked.Increment(ref _opened);

        public void CountFailed() => Interlocked.Increment(ref _failed);

        public void CountAnswer() => Interlocked.Increment(ref _answers);

        public void CountBytes(int bytes) => Interlocked.Add(ref _bytes, bytes);

        public HostileKind Read(string name, int connections) => new(name, connections, _opened, _failed, _answers, _bytes / 1e6);
    }
}
