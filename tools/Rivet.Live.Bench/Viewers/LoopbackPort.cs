using System.Net;
using System.Net.Sockets;

namespace Rivet.Live.Bench.Viewers;

/// <summary>Ports for programs that cannot choose one themselves.</summary>
internal static class LoopbackPort
{
    public static int Free()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
