using System.Buffers;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Rivet.Live.Bench.Viewers;

/// <summary>One viewer on a socket of its own: asks for the next part's playlist, is held, gets it, asks for the one after.</summary>
internal sealed class WaitingViewer(PlaylistStates states) : IDisposable
{
    private const int AnswerBytesMax = 16 * 1024;

    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };

    /// <summary>Milliseconds from the publisher's last byte to the viewer's, one per part while <see cref="IsCounting"/>.</summary>
    public List<float> Waits { get; } = [];

    /// <summary>What it counts from now on.</summary>
    public bool IsCounting { get; set; }

    /// <summary>It was answered once, and is held or being answered.</summary>
    public bool IsWatching { get; private set; }

    /// <summary>Its last answer had ENDLIST.</summary>
    public bool SawTheEnd { get; private set; }

    /// <summary>Why it had to stop; null where it had not.</summary>
    public string? Error { get; private set; }

    public async Task WatchAsync(IPEndPoint server)
    {
        try
        {
            await _socket.ConnectAsync(server);
            byte[] request = states.FirstRequest;
            PlaylistPlace? place = null;
            while (!SawTheEnd)
            {
                await _socket.SendAsync(request);
                PlaylistStates.State state = await ReceiveAsync();
                if (place is not null && !state.Place.IsBehind(place))
                {
                    throw new InvalidDataException($"Waited behind {place} and was answered {state.Place}.");
                }

                if (IsCounting)
                {
                    Waits.Add((float)TimeProvider.System.GetElapsedTime(state.PublishedAt).TotalMilliseconds);
                }

                (place, request) = (state.Place, state.NextRequest);
                (IsWatching, SawTheEnd) = (true, place.IsEnded);
            }
        }
        catch (Exception failure) when (failure is SocketException or InvalidDataException or ObjectDisposedException)
        {
            Error = failure.Message;
        }
    }

    public void Dispose() => _socket.Dispose();

    private async Task<PlaylistStates.State> ReceiveAsync()
    {
        // Nothing is rented while nothing comes: ten thousand buffers would be this process's memory and not the server's.
        await _socket.ReceiveAsync(Memory<byte>.Empty);
        byte[] buffer = ArrayPool<byte>.Shared.Rent(AnswerBytesMax);
        try
        {
            int filled = 0;
            while (true)
            {
                int received = await _socket.ReceiveAsync(buffer.AsMemory(filled));
                filled += received;
                if (received == 0)
                {
                    throw new InvalidDataException("The server closed the connection.");
                }

                if (TryRead(buffer.AsSpan(0, filled)) is { } state)
                {
                    return state;
                }
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private PlaylistStates.State? TryRead(ReadOnlySpan<byte> answer)
    {
        int end = answer.IndexOf("\r\n\r\n"u8);
        if (end < 0)
        {
            return null;
        }

        ReadOnlySpan<byte> head = answer[..(end + 2)];
        if (!head.StartsWith("HTTP/1.1 200 "u8))
        {
            throw new InvalidDataException(System.Text.Encoding.ASCII.GetString(head[..head.IndexOf((byte)'\r')]));
        }

        int length = int.Parse(Value(head, "Content-Length: "u8), CultureInfo.InvariantCulture);
        ReadOnlySpan<byte> body = answer[(end + 4)..];
        return body.Length < length ? null : states.Of(System.Text.Encoding.ASCII.GetString(Value(head, "ETag: "u8)), body[..length]);
    }

    private static ReadOnlySpan<byte> Value(ReadOnlySpan<byte> head, ReadOnlySpan<byte> name)
    {
        // Proxies write header names as they like.
        foreach (Range range in head.Split("\r\n"u8))
        {
            ReadOnlySpan<byte> line = head[range];
            if (line.Length > name.Length && System.Text.Ascii.EqualsIgnoreCase(line[..name.Length], name))
            {
                return line[name.Length..];
            }
        }

        throw new InvalidDataException($"An answer without {System.Text.Encoding.ASCII.GetString(name).Trim()}");
    }
}
