using System.Globalization;
using Rivet.Live.HlsCheck.Reporting;
using Rivet.Live.HlsCheck.Rules;
using Rivet.Live.HlsCheck.Watching;
using Rivet.Live.Tests.Support;

namespace Rivet.Live.Tests.Conformance;

/// <summary>One server for each part target, its broadcasts all published and checked at the same time, once for all tests.</summary>
public sealed class ConformanceRuns
{
    /// <summary>Where a stricter or laxer slack than <see cref="DefaultSlack"/> is said, in seconds.</summary>
    public const string SlackVariable = "HLS_CHECK_SLACK";

    private const double WatchSeconds = 25;

    /// <summary>Seconds. For a machine that does other things too; it is added to times, and to nothing else that a rule looks at.</summary>
    private const double DefaultSlack = 1.5;

    private static readonly TimeSpan BeforeTrouble = TimeSpan.FromSeconds(8);
    private static readonly TimeSpan Away = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Stall = TimeSpan.FromSeconds(6);

    private readonly Dictionary<string, ConformanceRun> _byPart = [];

    /// <summary>How the broadcasts stand that one server had. Tests ask one after the other; the first waits for the server's whole run.</summary>
    internal async Task<ConformanceRun> WithPartAsync(string part) =>
        _byPart.TryGetValue(part, out ConformanceRun? run) ? run : _byPart[part] = await RunAsync(part, CheckedBroadcasts.ByPart[part]);

    /// <summary>The commands that do the same by hand.</summary>
    internal static string ByHand(string part, CheckedBroadcast broadcast)
    {
        const string address = "http://127.0.0.1:8080/";
        string publisher = $"ffmpeg {broadcast.Publisher} {IngestUrl(address, broadcast)}";
        string meanwhile = broadcast.Course switch
        {
            Course.Reconnects => $" # after {BeforeTrouble.TotalSeconds} s of watching kill -KILL it, {Away.TotalSeconds} s later start it again",
            Course.Stalls => $" # after {BeforeTrouble.TotalSeconds} s of watching kill -STOP it, {Stall.TotalSeconds} s later kill -CONT it",
            _ => "",
        };
        return string.Create(
            CultureInfo.InvariantCulture,
            $"""
                dotnet run --project Rivet.Live -c Release -- {string.Join(' ', ServerArguments(address, part))}
                {publisher}{meanwhile}
                tools/hls-check {MasterUrl(address, broadcast)} --seconds {WatchSeconds}
            """);
    }

    private static async Task<ConformanceRun> RunAsync(string part, CheckedBroadcast[] broadcasts)
    {
        await using ServerProcess server = ServerProcess.Start(ServerArguments("http://127.0.0.1:0", part));
        Uri address = await server.WaitUntilReadyAsync();
        Dictionary<string, Task<CheckReport>> reports = broadcasts.ToDictionary(
            static broadcast => broadcast.Name, broadcast => CheckAsync(address, broadcast));
        await ((Task)Task.WhenAll(reports.Values)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return new ConformanceRun(reports, server.Errors);
    }

    private static async Task<CheckReport> CheckAsync(Uri address, CheckedBroadcast broadcast)
    {
        await using FfmpegPublisher publisher = Publish(address, broadcast);
        using HttpClient http = new() { BaseAddress = address };
        await new HlsClient(http).MasterAsync(broadcast.Name);
        Task<CheckReport> checking = WatchAsync(MasterUrl(address, broadcast));
        if (broadcast.Course == Course.Stalls)
        {
            await Task.Delay(BeforeTrouble);
            await publisher.StandStillAsync(Stall);
        }
        else if (broadcast.Course == Course.Reconnects)
        {
            await Task.Delay(BeforeTrouble);
            await publisher.KillAsync();
            await Task.Delay(Away);
            await using FfmpegPublisher second = Publish(address, broadcast);
            return await checking;
        }

        return await checking;
    }

    private static async Task<CheckReport> WatchAsync(Uri master)
    {
        using HttpMessageInvoker http = new(new SocketsHttpHandler { UseCookies = false });
        TimeSpan slack = TimeSpan.FromSeconds(
            Environment.GetEnvironmentVariable(SlackVariable) is { Length: > 0 } text ? double.Parse(text, CultureInfo.InvariantCulture) : DefaultSlack);
        Watcher watcher = new(new Origin(http, TimeProvider.System), WatchSeconds, slack, static _ => { });
        return new CheckReport(master, await watcher.WatchAsync(master, CancellationToken.None), RuleTable.All);
    }

    private static FfmpegPublisher Publish(Uri address, CheckedBroadcast broadcast) =>
        FfmpegPublisher.Start($"{broadcast.Publisher} {IngestUrl(address.ToString(), broadcast)}", output: null);

    private static string[] ServerArguments(string address, string part) =>
    [
        "--urls", address, $"--Hls:PartSeconds={part}", "--Encoding:Tier=draft",
        "--Ladder:Renditions:0:Name=90p", "--Ladder:Renditions:0:Height=90", "--Ladder:Renditions:0:VideoBitrateBps=100000",
        // A window that segments leave while they are watched; the other servers have the default.
        .. part == "0.2" ? (string[])["--Hls:WindowSeconds=14"] : [],
    ];

    private static string IngestUrl(string address, CheckedBroadcast broadcast) => $"{address}ingest/{broadcast.Name}";

    private static Uri MasterUrl(Uri address, CheckedBroadcast broadcast) => new(address, $"/hls/{broadcast.Name}/master.m3u8");

    private static Uri MasterUrl(string address, CheckedBroadcast broadcast) => MasterUrl(new Uri(address), broadcast);
}
