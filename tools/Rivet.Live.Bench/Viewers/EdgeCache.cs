using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using Rivet.Live.Bench.Measuring;

namespace Rivet.Live.Bench.Viewers;

/// <summary>A cache in front of our server, with the configuration that docs/edge tells people to use. Disposing ends it.</summary>
internal sealed class EdgeCache : IAsyncDisposable
{
    private readonly Process _process;

    private EdgeCache(Process process, Uri address)
    {
        _process = process;
        Address = address;
    }

    public Uri Address { get; }

    /// <param name="file">Its configuration, in docs/edge.</param>
    /// <param name="origin">Our server.</param>
    /// <param name="folder">For its state.</param>
    public static async Task<EdgeCache> StartAsync(string file, Uri origin, string folder)
    {
        int port = LoopbackPort.Free();
        string address = string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{port}");
        string state = Directory.CreateDirectory(Path.Combine(folder, file)).FullName;

        // nginx's workers keep their cache as another user.
        await ToolProcess.RunAsync("chmod", ["o+rx", folder, state]);
        string text = await File.ReadAllTextAsync(Path.Combine(FindDocs(), file));
        string configuration = Path.Combine(state, file);
        await File.WriteAllTextAsync(configuration, text
            .Replace("127.0.0.1:8080", origin.Authority, StringComparison.Ordinal)
            .Replace("\"8080\"", string.Create(CultureInfo.InvariantCulture, $"\"{origin.Port}\""), StringComparison.Ordinal)
            .Replace("127.0.0.1:8081", address, StringComparison.Ordinal)
            .Replace("/tmp/rivet-edge-nginx", state, StringComparison.Ordinal));
        Process process = file switch
        {
            "nginx.conf" => Process.Start("/usr/sbin/nginx", ["-e", $"{state}/errors", "-c", configuration]),
            "haproxy.cfg" => Process.Start("/usr/sbin/haproxy", ["-q", "-db", "-f", configuration]),
            _ => Process.Start("/usr/sbin/varnishd",
            [
                "-F", "-j", "none", "-n", state, "-T", "none", "-a", address, "-f", configuration, "-s", "malloc,256m",
                "-p", "thread_pool_min=100", "-p", "thread_pool_max=2000",
            ]),
        };
        await ListensAsync(process, port);
        return new EdgeCache(process, new Uri($"http://{address}/"));
    }

    public async ValueTask DisposeAsync()
    {
        using Process kill = Process.Start("/bin/sh", ["-c", $"kill -TERM {_process.Id}"]);
        await kill.WaitForExitAsync();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    /// <summary>Varnish compiles its configuration first.</summary>
    private static async Task ListensAsync(Process process, int port)
    {
        for (int attempt = 0; attempt < 300 && !process.HasExited; attempt++)
        {
            using Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                await socket.ConnectAsync("127.0.0.1", port);
                return;
            }
            catch (SocketException)
            {
                // By design: it does not listen yet.
                await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System);
            }
        }

        throw new InvalidOperationException("A cache did not start: see what it wrote above.");
    }

    private static string FindDocs()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            string docs = Path.Combine(folder.FullName, "docs", "edge");
            if (Directory.Exists(docs))
            {
                return docs;
            }
        }

        throw new InvalidOperationException($"No docs/edge above {AppContext.BaseDirectory}: run tools/bench from a checkout.");
    }
}
