using System.Globalization;
using System.Net.Sockets;

namespace Rivet.Live.Tests.Support;

/// <summary>A publisher's connection, byte by byte: it can stop in the middle, be slow, be silent, and read an answer before its body is over.</summary>
internal sealed class RawPush : IDisposable
{
    private readonly TcpClient _connection;
    private readonly NetworkStream _stream;

    private RawPush(TcpClient connection)
    {
        _connection = connection;
        _stream = connection.GetStream();
    }

    /// <summary>Connects and sends the head of a chunked request.</summary>
    public static async Task<RawPush> BeginAsync(Uri server, string target, string headers = "")
    {
        TcpClient connection = new();
        await connection.ConnectAsync(server.Host, server.Port);
        RawPush push = new(connection);
        string head = $"POST {target} HTTP/1.1\r\nHost: {server.Authority}\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n{headers}\r\n";
        await push._stream.WriteAsync(System.Text.Encoding.ASCII.GetBytes(head));
        return push;
    }

    /// <summary>Sends a piece of the body.</summary>
    public async Task SendAsync(ReadOnlyMemory<byte> piece)
    {
        await _stream.WriteAsync(System.Text.Encoding.ASCII.GetBytes(piece.Length.ToString("x", CultureInfo.InvariantCulture) + "\r\n"));
        await _stream.WriteAsync(piece);
        await _stream.WriteAsync("\r\n"u8.ToArray());
    }

    /// <summary>Ends the body as it should be.</summary>
    public async Task FinishAsync() => await _stream.WriteAsync("0\r\n\r\n"u8.ToArray());

    /// <summary>The connection breaks.</summary>
    public void Break()
    {
        _connection.LingerState = new LingerOption(true, 0);
        _connection.Close();
    }

    /// <summary>Everything that the server sends until it closes the connection.</summary>
    public async Task<RawAnswer> ReadToEndAsync()
    {
        using CancellationTokenSource patience = new(Patience.Long);
        MemoryStream received = new();
        try
        {
            await _stream.CopyToAsync(received, patience.Token);
        }
        catch (IOException) when (received.Length > 0)
        {
            // By design: a server that leaves a body unread may have to reset the connection once it has answered.
        }

        return RawAnswer.Parse(System.Text.Encoding.UTF8.GetString(received.ToArray()));
    }

    public void Dispose() => _connection.Dispose();
}
