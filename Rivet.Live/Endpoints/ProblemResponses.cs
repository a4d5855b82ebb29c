using System.Globalization;

namespace Rivet.Live.Endpoints;

/// <summary>Sends problems.</summary>
internal static class ProblemResponses
{
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

        if (!HttpMethods.IsGet(context.Request.Method) && !HttpMethods.IsHead(context.Request.Method))
        {
            response.Headers.Connection = "close";
        }

        await response.WriteAsJsonAsync(problem, LiveJson.Default.Problem, "application/problem+json", context.RequestAborted);
    }
}
