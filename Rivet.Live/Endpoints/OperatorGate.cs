using Rivet.Live.Core.Stats;

namespace Rivet.Live.Endpoints;

/// <summary>Who may run the server's own routes, and the record of what they did.</summary>
internal sealed partial class OperatorGate([FromKeyedServices("operator")] KeyRing keys, Timeline timeline, ILogger<OperatorGate> logger)
{
    /// <summary>Null lets the request in.</summary>
    public Problem? RefusalOf(HttpContext context)
    {
        // Without keys a browser on this machine is an operator's, and any page that is open in it could ask.
        if (context.Request.Headers["Sec-Fetch-Site"].ToString() is "cross-site" or "same-site")
        {
            return Problem.Of(StatusCodes.Status403Forbidden, "other-site", "A page of another site asked for this; only the console's own may.");
        }

        return keys.Judge(context) switch
        {
            KeyVerdict.Welcome => null,
            KeyVerdict.Missing => Refusal(StatusCodes.Status401Unauthorized),
            _ => Refusal(StatusCodes.Status403Forbidden),
        };
    }

    /// <summary>Tells the timeline and the log what an operator did.</summary>
    /// <param name="context">Who it was.</param>
    /// <param name="action">A stable word.</param>
    /// <param name="text">What, for people.</param>
    /// <param name="session">The broadcast's session; null where it is the server.</param>
    /// <param name="rendition">Which rendition, if one.</param>
    /// <param name="device">Which device, if one.</param>
    public void Note(HttpContext context, string action, string text, string? session = null, string? rendition = null, string? device = null)
    {
        string remote = context.Connection.RemoteIpAddress?.ToString() ?? "unknown";
        string told = $"{text} (operator at {remote})";
        if (session is null)
        {
            timeline.Add($"operator-{action}", "info", told, device);
        }
        else
        {
            timeline.AddOf(session, $"operator-{action}", "info", told, rendition, device);
        }

        LogDone(logger, remote, context.Request.Method, context.Request.Path, text);
    }

    private static Problem Refusal(int status) => Problem.Of(
        status, "operator-only", "This is for operators: send a key of Operator:Keys, or, where none is configured, ask from the server's own machine.");

    [LoggerMessage(10, LogLevel.Information, "Operator at {Remote}: {Method} {Path}: {What}")]
    private static partial void LogDone(ILogger logger, string remote, string method, string path, string what);
}
