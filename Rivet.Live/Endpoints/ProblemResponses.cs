using System.Globalization;
using System.Text.Json;

namespace Rivet.Live.Endpoints;

/// <summary>Sends problems.</summary>
internal static class ProblemResponses
{
    /// <summary>How long a refused publisher has to read why, before its connection goes. A round trip around the world is 0.3 s.</summary>
    private static readonly TimeSpan Linger = TimeSpan.FromSeconds(0.5);

    /// <summary>Answers with the problem; where a request body is still coming, the connection is closed, never drained.</summary>
    public static async Task RefuseAsync(this HttpContext context, Problem problem)
    {
        HttpResponse response = context.Response;
        response.StatusCode = problem.Status;
        if (problem.RetryAfterSeconds is { } seconds)
        {
            response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        }

        if (problem.Status == StatusCodes.Status401Unauthorized)
        {
            response.Headers.WWWAuthenticate = new(["Basic realm=\"rivet\"", "Bearer"]);
        }

        bool mayHaveBody = !HttpMethods.IsGet(context.Request.Method) && !HttpMethods.IsHead(context.Request.Method);
        if (mayHaveBody && HttpProtocol.IsHttp11(context.Request.Protocol))
        {
            response.Headers.Connection = "close";
        }

        byte[] json = JsonSerializer.SerializeToUtf8Bytes(problem, LiveJson.Wire.Problem);
        response.ContentType = "application/problem+json";
        response.ContentLength = json.Length;
        if (!HttpMethods.IsHead(context.Request.Method))
        {
            await response.BodyWriter.WriteAsync(json, context.RequestAborted);
        }

        if (mayHaveBody)
        {
            await CloseAsync(context);
        }
    }

    /// <summary>Left alone, Kestrel would read a refused body for five more seconds, and an encoder would believe that all is well.</summary>
    private static async Task CloseAsync(HttpContext context)
    {
        await context.Response.CompleteAsync();
        try
        {
            await Task.Delay(Linger, context.RequestAborted);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // By design: the publisher went by itself.
            return;
        }

        context.Abort();
    }
}
