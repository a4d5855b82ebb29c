using System.Net;
using System.Net.Sockets;
using Rivet.Live.Bench.Measuring;
using Rivet.Live.Bench.Publishing;

namespace Rivet.Live.Bench.Viewers;

/// <summary>What connections cost the framework alone: each has asked once and stays.</summary>
internal static class IdleConnections
{
    /// <returns>The server's memory for one, in KiB.</returns>
    public static async Task<double> KibibytesEachAsync(int count, string folder)
    {
        await File.WriteAllBytesAsync(Path.Combine(folder, "two-kilobytes"), new byte[2048]);
        await using ServerUnderTest bare = await ServerUnderTest.StartVerbAsync(BareKestrel.Verb, "--folder", folder);
        byte[] request = System.Text.Encoding.ASCII.GetBytes($"GET /two-kilobytes HTTP/1.1\r\nHost: {bare.Address.Authority}\r\n\r\n");
        byte[] answer = new byte[4096];
        List<Socket> sockets = [];
        double before = 0;
        try
        {
            // A hundred connections that come first pay for what the first ones make the runtime load and compile.
            for (int index = 0; index < count + 100; index++)
            {
                before = index == 100 ? ProcessFigures.ResidentMegabytes(bare.Id) : before;
                Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
                sockets.Add(socket);
                await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, bare.Address.Port));
                await socket.SendAsync(request);
                await socket.ReceiveAsync(answer);
            }

            return (ProcessFigures.ResidentMegabytes(bare.Id) - before) * 1024 / count;
        }
        finally
        {
            sockets.ForEach(static socket => socket.Dispose());
        }
    }
}
