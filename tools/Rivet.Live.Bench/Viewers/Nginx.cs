using System.Diagnostics;
using System.Globalization;
using Rivet.Live.Bench.Measuring;

namespace Rivet.Live.Bench.Viewers;

/// <summary>nginx, over a folder of files or as told, from a configuration of its own on a loopback port. Disposing ends it.</summary>
internal sealed class Nginx : IAsyncDisposable
{
    private readonly Process _process;

    private Nginx(Process process, Uri address)
    {
        _process = process;
        Address = address;
    }

    public Uri Address { get; }

    /// <summary>The master and its workers.</summary>
    public int[] ProcessIds
    {
        get
        {
            string id = _process.Id.ToString(CultureInfo.InvariantCulture);
            string[] workers = File.ReadAllText($"/proc/{id}/task/{id}/children").Split(' ', StringSplitOptions.RemoveEmptyEntries);
            return [_process.Id, .. workers.Select(static worker => int.Parse(worker, CultureInfo.InvariantCulture))];
        }
    }

    /// <param name="folder">Of the files that it serves, and of what it writes.</param>
    /// <param name="server">Directives of its only server besides.</param>
    public static async Task<Nginx> StartAsync(string folder, string server = "")
    {
        int port = LoopbackPort.Free();
        string state = Directory.CreateDirectory(Path.Combine(folder, "nginx")).FullName;
        string configuration = Path.Combine(state, "nginx.conf");
        await File.WriteAllTextAsync(configuration, $$"""
            worker_processes auto; daemon off; pid {{state}}/pid; error_log {{state}}/errors;
            events { worker_connections 4096; }
            http {
              access_log off; sendfile on; tcp_nopush on; open_file_cache max=100; keepalive_requests 1000000000;
              client_body_temp_path {{state}}/1; proxy_temp_path {{state}}/2; fastcgi_temp_path {{state}}/3; uwsgi_temp_path {{state}}/4; scgi_temp_path {{state}}/5;
              server { listen 127.0.0.1:{{port}}; root {{folder}}; {{server}} }
            }
            """);

        // Its workers read the files as another user.
        await ToolProcess.RunAsync("chmod", ["o+rx", folder]);
        Process process = Process.Start("/usr/sbin/nginx", ["-e", $"{state}/errors", "-c", configuration]);
        await Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System);
        return process.HasExited
            ? throw new InvalidOperationException($"nginx ended: {await File.ReadAllTextAsync($"{state}/errors")}")
            : new Nginx(process, new Uri($"http://127.0.0.1:{port}/"));
    }

    public async ValueTask DisposeAsync()
    {
        using Process kill = Process.Start("/bin/sh", ["-c", $"kill -TERM {_process.Id}"]);
        await kill.WaitForExitAsync();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }
}
