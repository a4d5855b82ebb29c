using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using Rivet.Live.Core.Stats;

namespace Rivet.Live.Hosting;

/// <summary>Sends the metrics to an OpenTelemetry collector, where one is configured.</summary>
internal static class MetricsExport
{
    /// <summary>Series of one instrument: many more than are live at once, since the exporter remembers those of broadcasts that have ended.</summary>
    private const int SeriesMax = 50_000;

    /// <param name="services">Where the exporter is added.</param>
    /// <param name="collector">OTLP over HTTP, for example <c>http://127.0.0.1:4318</c>; null exports nothing.</param>
    /// <param name="interval">Between two exports.</param>
    public static IServiceCollection AddMetricsExport(this IServiceCollection services, Uri? collector, TimeSpan interval)
    {
        if (collector is null)
        {
            return services;
        }

        services.AddOpenTelemetry().WithMetrics(metrics => metrics
            .AddMeter(LiveMetrics.MeterName)
            .AddView("*", new MetricStreamConfiguration { CardinalityLimit = SeriesMax })
            .AddOtlpExporter((exporter, reader) =>
            {
                exporter.Protocol = OtlpExportProtocol.HttpProtobuf;
                exporter.Endpoint = new Uri(collector, "/v1/metrics");
                reader.PeriodicExportingMetricReaderOptions.ExportIntervalMilliseconds = (int)interval.TotalMilliseconds;
            }));

        // Its meter exists as soon as it does.
        return services.AddHostedService<MetricsStart>();
    }

    private sealed class MetricsStart(LiveMetrics metrics) : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken) => Task.FromResult(metrics.Meter);

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
