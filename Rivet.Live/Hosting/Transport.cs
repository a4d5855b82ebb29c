using System.Globalization;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Net.Http.Headers;
using Rivet.Live.Configuration;
using Rivet.Live.Core.Demuxing;

namespace Rivet.Live.Hosting;

/// <summary>How bytes go over sockets, and how much of that a stranger may have.</summary>
internal static class Transport
{
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
            Limit(kestrel.Limits, IngestLimits.Default);
            kestrel.RequestHeaderEncodingSelector = static name => name == HeaderNames.ContentLength ? LengthEncoding.Instance : null;
            Strangers strangers = new(IngestLimits.Default.MaxStrangers);
            kestrel.ConfigureEndpointDefaults(listen => listen.Use(next => connection => strangers.RunAsync(connection, next)));
            kestrel.Configure(section);
            if (listen.DevTls)
            {
                X509Certificate2 certificate = kestrel.ApplicationServices.GetRequiredService<X509Certificate2>();
                kestrel.ConfigureHttpsDefaults(https => https.ServerCertificate = certificate);
            }
        });
    }

    private static void Limit(KestrelServerLimits kestrel, IngestLimits limits)
    {
        kestrel.RequestHeadersTimeout = limits.Handshake;
        kestrel.KeepAliveTimeout = limits.KeepAlive;
        kestrel.MaxRequestLineSize = limits.MaxRequestLineBytes;
        kestrel.MaxRequestHeadersTotalSize = limits.MaxHeadersBytes;
        kestrel.MaxRequestHeaderCount = limits.MaxHeaders;
        kestrel.MaxRequestBufferSize = limits.MaxReadAheadBytes;
        kestrel.MaxConcurrentConnections = FilesMax() * limits.MaxConnectionsPercent / 100;
        kestrel.Http2.MaxStreamsPerConnection = limits.MaxStreamsPerConnection;
    }

    /// <summary>Files and sockets that this process may have open; null where the system does not say.</summary>
    private static long? FilesMax()
    {
        const string limits = "/proc/self/limits";
        string? line = File.Exists(limits) ? File.ReadLines(limits).FirstOrDefault(static line => line.StartsWith("Max open files", StringComparison.Ordinal)) : null;
        return long.TryParse(line?["Max open files".Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries)[0], NumberStyles.None, CultureInfo.InvariantCulture, out long files)
            ? files
            : null;
    }
}
