using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Rivet.Live.Core.Demuxing;
using Rivet.Live.Core.Ingest;

namespace Rivet.Live.Endpoints;

/// <summary>What a publisher's request says of itself.</summary>
internal static class IngestRequest
{
    /// <summary>Kestrel's 30 MB and 240 B/s do not fit a body that lasts for days; ours are in <see cref="IngestLimits"/> and Ingest:IdleSeconds.</summary>
    public static void LiftKestrelLimits(HttpContext context)
    {
        context.Features.GetRequiredFeature<IHttpMaxRequestBodySizeFeature>().MaxRequestBodySize = null;
        if (context.Features.Get<IHttpMinRequestBodyDataRateFeature>() is { } rate)
        {
            rate.MinDataRate = null;
        }
    }

    public static Publisher PublisherOf(HttpContext context, string dialect, KeyRing keys) => new(RemoteOf(context), dialect)
    {
        Owner = keys.OwnerOf(context),
        Client = ClientOf(context),
        Records = context.Request.Query["record"] == "1",
    };

    public static bool TakesOver(HttpContext context) => context.Request.Query["takeover"] == "1";

    /// <summary>True where a request may come from the publisher that is there: the same program on the same machine.</summary>
    public static bool IsOf(HttpContext context, Publisher publisher) => publisher.Remote == RemoteOf(context) && publisher.Client == ClientOf(context);

    private static string RemoteOf(HttpContext context) => context.Connection.RemoteIpAddress?.ToString() ?? "unknown";

    private static string ClientOf(HttpContext context)
    {
        string client = context.Request.Headers.UserAgent.ToString();
        if (client.Length == 0 && context.Request.ContentType == "video/quicktime")
        {
            // What it does not say of itself.
            return "GStreamer curlhttpsink";
        }

        return client.Length <= 200 ? client : client[..200];
    }
}
