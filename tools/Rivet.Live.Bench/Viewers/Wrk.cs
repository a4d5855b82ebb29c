using System.Globalization;
using System.Text.RegularExpressions;
using Rivet.Live.Bench.Measuring;

namespace Rivet.Live.Bench.Viewers;

/// <summary>wrk: two threads and 64 connections that ask for one thing over and over.</summary>
/// <param name="Requests">Answered.</param>
/// <param name="PerSecond">Answered in a second.</param>
/// <param name="Errors">Sockets and statuses that were not right.</param>
internal sealed partial record Wrk(long Requests, double PerSecond, long Errors)
{
    public static async Task<Wrk> RunAsync(Uri url, int seconds)
    {
        (string output, _) = await ToolProcess.RunAsync("wrk", ["-t2", "-c64", string.Create(CultureInfo.InvariantCulture, $"-d{seconds}s"), url.ToString()]);
        return Read(output);
    }

    internal static Wrk Read(string output)
    {
        Match requests = RequestsLine().Match(output);
        Match rate = RateLine().Match(output);
        return requests.Success && rate.Success
            ? new Wrk(
                long.Parse(requests.Groups[1].Value, CultureInfo.InvariantCulture),
                double.Parse(rate.Groups[1].Value, CultureInfo.InvariantCulture),
                ErrorCounts().Matches(output).Sum(static count => long.Parse(count.Groups[1].Value, CultureInfo.InvariantCulture)))
            : throw new FormatException($"wrk said what this does not know:\n{output}");
    }

    [GeneratedRegex(@"(\d+) requests in")]
    private static partial Regex RequestsLine();

    [GeneratedRegex(@"Requests/sec:\s+([\d.]+)")]
    private static partial Regex RateLine();

    [GeneratedRegex(@"(?:connect|read|write|timeout|responses:?) (\d+)")]
    private static partial Regex ErrorCounts();
}
