using Microsoft.Extensions.Logging;
using Rivet.Live.Core.Media;

namespace Rivet.Live.Core.Ingest;

/// <summary>Judges a broadcast's publisher again and again, keeps what is found for stats, and says each finding in the log once.</summary>
internal sealed partial class FindingsWatch(PublishingPoint point, TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private Publication? _judged;
    private HashSet<string> _told = [];

    /// <summary>Watches until the point is closed.</summary>
    public Task RunAsync(CancellationToken stopping) => OpenWork.RunAsync(WatchAsync, point.WhenClosed, stopping);

    private async Task WatchAsync(CancellationToken over)
    {
        while (true)
        {
            await Task.Delay(Pause, time, over);
            Look();
        }
    }

    private void Look()
    {
        if (point.Publication is not { } publication || point.Publisher is not { } publisher)
        {
            return;
        }

        if (publication != _judged)
        {
            (_judged, _told) = (publication, []);
        }

        IReadOnlyList<Finding> findings = FindingRules.Judge(publication.Traits(publisher));
        point.Findings = findings;
        foreach (Finding finding in findings.Where(finding => _told.Add(finding.Code)))
        {
            LogFinding(logger, finding.Severity == FindingSeverity.Warning ? LogLevel.Warning : LogLevel.Information, point.Broadcast, finding.Code, finding.Text);
        }
    }

    [LoggerMessage(EventId = 2101, Message = "{Broadcast}: {Code}: {Text}")]
    private static partial void LogFinding(ILogger logger, LogLevel level, BroadcastId broadcast, string code, string text);
}
