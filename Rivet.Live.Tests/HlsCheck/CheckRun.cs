using Rivet.Live.HlsCheck.Reporting;
using Rivet.Live.HlsCheck.Rules;
using Rivet.Live.HlsCheck.Watching;

namespace Rivet.Live.Tests.HlsCheck;

/// <summary>Watches a synthetic origin for fourteen virtual seconds.</summary>
internal static class CheckRun
{
    private static readonly Uri Url = new("http://origin.test/master.m3u8");

    public static async Task<CheckReport> OfAsync(Faults faults)
    {
        VirtualTime time = new();
        using HttpMessageInvoker http = new(new SyntheticOrigin(time, faults));
        Watcher watcher = new(new Origin(http, time), seconds: 14, slack: TimeSpan.FromSeconds(0.1), static _ => { });
        return new CheckReport(Url, await time.Run(() => watcher.WatchAsync(Url, CancellationToken.None)), RuleTable.All);
    }
}
