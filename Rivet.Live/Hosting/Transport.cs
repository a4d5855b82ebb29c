using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Rivet.Live.Configuration;
using Rivet.Live.Core.Ingest;

namespace Rivet.Live.Hosting;

/// <summary>How bytes go over sockets.</summary>
internal static class Transport
{
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
            kestrel.Limits.Http2.MaxStreamsPerConnection = StreamsPerConnectionMax;
            kestrel.Limits.RequestHeadersTimeout = IngestLimits.Default.Handshake;
            kestrel.Configure(section);
            if (listen.DevTls)
            {
                X509Certificate2 certificate = kestrel.ApplicationServices.GetRequiredService<X509Certificate2>();
                kestrel.ConfigureHttpsDefaults(https => https.ServerCertificate = certificate);
            }
        });
    }
}
