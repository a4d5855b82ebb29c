using System.Diagnostics.Metrics;
using Rivet.Live.Configuration;
using Rivet.Live.Core.Devices;
using Rivet.Live.Core.Encoding;
using Rivet.Live.Core.Pipeline;
using Rivet.Live.Core.Stats;
using Rivet.Live.Endpoints;

namespace Rivet.Live.Hosting;

/// <summary>What the server is made of, in the order a byte meets it.</summary>
internal static partial class LiveServices
{
    public static IServiceCollection AddLive(this IServiceCollection services, LiveSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        return services.AddIngest(settings).AddPipeline(settings).AddStats().AddMetricsExport(settings.Stats.OtlpEndpoint, settings.Stats.OtlpInterval).AddWatch();
    }

    /// <summary>Who may publish.</summary>
    private static IServiceCollection AddIngest(this IServiceCollection services, LiveSettings settings) =>
        services.AddSingleton(new KeyRing(settings.Ingest.Keys)).AddKeyedSingleton("operator", new KeyRing(settings.Operator.Keys));

    /// <summary>Broadcasts, ladder, playlists.</summary>
    private static IServiceCollection AddPipeline(this IServiceCollection services, LiveSettings settings)
    {
        services.AddSingleton(static provider => LoadCodecs(
            provider.GetRequiredService<ILoggerFactory>(), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(provider =>
        {
            Codecs codecs = provider.GetRequiredService<Codecs>();
            ILoggerFactory loggers = provider.GetRequiredService<ILoggerFactory>();
            HardwareFindings hardware = LivePlans.FindHardware(settings, codecs, loggers);
            if (hardware.Trouble is { } trouble)
            {
                LogGpuTrouble(loggers.CreateLogger("Rivet.Live"), trouble);
            }

            LivePlan plan = LivePlans.Of(settings).With(hardware);
            EncoderCheck.Require(plan, codecs);
            return new LivePipeline(plan, codecs, provider.GetRequiredService<TimeProvider>(), loggers);
        });
        return services.AddHostedService<PipelineService>();
    }

    /// <summary>What operators read.</summary>
    private static IServiceCollection AddStats(this IServiceCollection services) => services
        .AddSingleton<Timeline>()
        .AddSingleton<PlayerReports>()
        .AddSingleton<LiveStatsReader>()
        .AddSingleton<StatsWatch>()
        .AddSingleton<OperatorGate>()
        .AddSingleton<StatsEventFeed>()
        .AddMetrics()
        .AddSingleton(static provider =>
        {
            StatsWatch watch = provider.GetRequiredService<StatsWatch>();
            return new LiveMetrics(provider.GetRequiredService<IMeterFactory>(), () => watch.Current.Stats);
        })
        .AddHostedService<StatsService>();

    /// <summary>The pages that people open, and who may play.</summary>
    private static IServiceCollection AddWatch(this IServiceCollection services) => services.AddSingleton<WebPages>().AddSingleton<PlaybackGate>();

    /// <summary>The codec libraries, or the exit code and the line that say what installs them.</summary>
    internal static Codecs LoadCodecs(ILoggerFactory loggers, TimeProvider time)
    {
        try
        {
            Codecs codecs = Codecs.Load(loggers, time);
            LogLoaded(loggers.CreateLogger("Rivet.Live"), codecs.Description);
            return codecs;
        }
        catch (CodecsMissingException missing)
        {
            throw new StartRefusedException(ExitCode.FfmpegMissing, missing.Message, missing);
        }
    }

    [LoggerMessage(9, LogLevel.Warning, "GPUs that were not found are left alone until the next start: {Trouble}")]
    private static partial void LogGpuTrouble(ILogger logger, string trouble);

    [LoggerMessage(1, LogLevel.Information, "Codecs: {Libraries}.")]
    private static partial void LogLoaded(ILogger logger, string libraries);
}
