using Rivet.Live.HlsCheck;
using Rivet.Live.HlsCheck.Reporting;
using Rivet.Live.HlsCheck.Watching;

// tools/hls-check: watches an origin, judges it, says what is broken.
CheckOptions options;
try
{
    options = CheckOptions.Parse(args);
}
catch (FormatException mistake)
{
    await Console.Error.WriteLineAsync($"{mistake.Message}\n{CheckOptions.Usage}");
    return 2;
}

using HttpMessageInvoker http = new(new SocketsHttpHandler { UseCookies = false });
try
{
    Watcher watcher = new(new Origin(http, TimeProvider.System), options.Seconds, options.Slack, Console.Error.WriteLine);
    CheckReport report = new(options.Url, await watcher.WatchAsync(options.Url, CancellationToken.None), options.Rules);
    await Console.Out.WriteAsync(ReportText.Write(report, options.IsVerbose));
    if (options.Json is { } file)
    {
        await File.WriteAllTextAsync(file, ReportJson.Write(report));
    }

    return report.IsClean ? 0 : 1;
}
catch (UnreachableException unreachable)
{
    await Console.Error.WriteLineAsync(unreachable.Message);
    return 2;
}
