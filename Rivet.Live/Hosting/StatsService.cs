using Rivet.Live.Core.Stats;

namespace Rivet.Live.Hosting;

/// <summary>Keeps watch from the start until the server has drained.</summary>
internal sealed class StatsService(StatsWatch watch) : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => watch.RunAsync(stoppingToken);
}
