using System.Globalization;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Rivet.Live.Configuration;
using Rivet.Live.Core.Ingest;

namespace Rivet.Live.Hosting;

/// <summary>How bytes go over sockets, and how much of that a stranger may have.</summary>
internal static class Transport
{
    /// <summary>Caches in front keep connections for 60 s (nginx, Varnish), and encoders send the next segment sooner: they should be those who close.</summary>
    private static readonly TimeSpan KeepAlive = TimeSpan.FromSeconds(75);

    /// <summary>The longest broadcast name, a signature and every directive are 600 bytes together.</summary>
    private const int RequestLineBytesMax = 8 * 1024;

    /// <summary>Cookies of other programs under the same domain among them.</summary>
    private const int HeadersBytesMax = 16 * 1024;

    private const int HeadersCountMax = 64;

    /// <summary>
    /// Of a body, beside what the kernel holds, while nobody reads it: a refused publisher's is never read, and a thousand of them are 256 MB for the
    /// half second until they are closed. 30 ms of 60 Mb/s.
    /// </summary>
    private const int ReadAheadBytesMax = 256 * 1024;

    /// <summary>Connections without a request yet: 40 MB, and more than the kernel hands over at once where ten thousand viewers come back together.</summary>
    private const int StrangersMax = 4096;

    /// <summary>Reloads and parts that one HTTP/2 connection may wait for: a cache in front sends all its viewers' through a few.</summary>
    private const int StreamsPerConnectionMax = 1000;

    public static void AddTransport(this WebApplicationBuilder builder, ListenSettings listen, IConfigurationSection section)
    {
        if (listen.DevTls)
        {
            // Made by a factory so that the container disposes it with the server.
            builder.Services.AddSingleton(services => DevelopmentCertificate.Create(services.GetRequiredService<TimeProvider>()));
        }

        // Requests are answered where their bytes arrive and sent where they are written: two changes of thread fewer per request. It asks that
        // nothing under an endpoint blocks its thread, and nothing does.
        builder.Services.Configure<SocketTransportOptions>(static sockets => sockets.UnsafePreferInlineScheduling = true);
        builder.WebHost.UseKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            Limit(kestrel.Limits);
            Strangers strangers = new(StrangersMax);
            kestrel.ConfigureEndpointDefaults(listen => listen.Use(next => connection => strangers.RunAsync(connection, next)));
            kestrel.Configure(section);
            if (listen.DevTls)
            {
                X509Certificate2 certificate = kestrel.ApplicationServices.GetRequiredService<X509Certificate2>();
                kestrel.ConfigureHttpsDefaults(https => https.ServerCertificate = certificate);
            }
        });
    }

    private static void Limit(KestrelServerLimits limits)
    {
        limits.RequestHeadersTimeout = IngestLimits.Default.Handshake;
        limits.KeepAliveTimeout = KeepAlive;
        limits.MaxRequestLineSize = RequestLineBytesMax;
        limits.MaxRequestHeadersTotalSize = HeadersBytesMax;
        limits.MaxRequestHeaderCount = HeadersCountMax;
        limits.MaxRequestBufferSize = ReadAheadBytesMax;
        limits.MaxConcurrentConnections = FilesMax() * 9 / 10;
        limits.Http2.MaxStreamsPerConnection = StreamsPerConnectionMax;
    }

    /// <summary>Files and sockets that this process may have open; null where the system does not say. At the limit nothing could be accepted, nor any file read.</summary>
    private static long? FilesMax()
    {
        const string limits = "/proc/self/limits";
        string? line = File.Exists(limits) ? File.ReadLines(limits).FirstOrDefault(static line => line.StartsWith("Max open files", StringComparison.Ordinal)) : null;
        return long.TryParse(line?["Max open files".Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries)[0], NumberStyles.None, CultureInfo.InvariantCulture, out long files)
            ? files
            : null;
    }
}
