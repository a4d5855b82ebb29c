using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging.Console;
using Rivet.Live.Configuration;
using Rivet.Live.Core.Pipeline;
using Rivet.Live.Endpoints;

namespace Rivet.Live.Hosting;

/// <summary>Builds the server around checked settings: the same one for the program and for tests.</summary>
internal static class LiveServer
{
    /// <param name="settings">What the operator asked for.</param>
    /// <param name="configuration">For the sections that the web host reads itself, <c>Logging</c> and <c>Kestrel</c>; null: none.</param>
    /// <param name="reread">Reads the settings' sources again; null where they came from none.</param>
    /// <param name="adjust">The last word on the builder: tests put their clock and their logs here.</param>
    public static WebApplication Build(
        LiveSettings settings,
        IConfiguration? configuration = null,
        Func<SettingsReading>? reread = null,
        Action<WebApplicationBuilder>? adjust = null)
    {
        // The empty builder reads no file, variable or argument of its own: LiveConfiguration has read them all.
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions
        {
            ApplicationName = "Rivet.Live",
            ContentRootPath = AppContext.BaseDirectory,
        });
        configuration ??= new ConfigurationBuilder().Build();
        WebApplication? app = null;
        AddLogging(builder, configuration, settings.Logging.Format, () => app?.Lifetime.ApplicationStarted.IsCancellationRequested == true);
        builder.Services.AddRoutingCore();
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton(settings);
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = settings.Shutdown.Drain);
        builder.AddTransport(settings.Listen, configuration.GetSection("Kestrel"));
        builder.Services.AddLive(settings);
        builder.Services.AddSingleton(provider => new SettingsReload(
            reread, provider.GetRequiredService<KeyRing>(), provider.GetRequiredKeyedService<KeyRing>("operator"), provider.GetRequiredService<PlaybackGate>(),
            provider.GetRequiredService<LivePipeline>()));
        adjust?.Invoke(builder);

        app = builder.Build();
        foreach (string url in settings.Listen.Urls)
        {
            app.Urls.Add(url);
        }

        StartNotes.Tell(settings, app.Logger);
        app.Use(static (context, next) =>
        {
            Strangers.Greet(context);
            return next(context);
        });
        app.UseHls();
        app.UseWebSockets();
        app.UseRouting();
        app.UseNoSuchRoute();
        app.MapLive();
        return app;
    }

    /// <summary>The addresses that were really bound, port 0 resolved.</summary>
    public static IReadOnlyCollection<string> BoundAddresses(WebApplication app) =>
        [.. app.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses];

    /// <summary>Standard output carries the ready line alone, so every log goes to standard error.</summary>
    /// <remarks>Until the server has started, the host keeps silent: why it cannot start is told once, by whoever called StartAsync.</remarks>
    private static void AddLogging(WebApplicationBuilder builder, IConfiguration configuration, LogFormat format, Func<bool> hasStarted)
    {
        builder.Logging
            .SetMinimumLevel(LogLevel.Information)
            .AddFilter("Microsoft.AspNetCore", LogLevel.Warning)
            .AddFilter("Microsoft.Hosting.Lifetime", LogLevel.Warning)

            // A listener here, even for errors alone, makes the host open an activity and a scope for every request, held ones too.
            .AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None)
            .AddFilter("Microsoft.Extensions.Hosting.Internal.Host", level => level >= LogLevel.Warning && hasStarted())
            .AddConfiguration(configuration.GetSection("Logging"))
            .AddSimpleConsole(console =>
            {
                console.SingleLine = true;
                console.ColorBehavior = LoggerColorBehavior.Disabled;
                console.TimestampFormat = "HH:mm:ss.fff ";
            })
            .AddJsonConsole(console =>
            {
                console.IncludeScopes = true;
                console.UseUtcTimestamp = true;
                console.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ";
                console.JsonWriterOptions = new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
            });
        builder.Services.Configure<ConsoleLoggerOptions>(console =>
        {
            console.LogToStandardErrorThreshold = LogLevel.Trace;
            console.FormatterName = format == LogFormat.Json ? ConsoleFormatterNames.Json : ConsoleFormatterNames.Simple;
        });

        // The console's provider, behind what keeps it readable.
        builder.Services.RemoveAll<ILoggerProvider>();
        builder.Services.AddSingleton<ConsoleLoggerProvider>();
        builder.Services.AddSingleton<ILoggerProvider>(static provider =>
            new RepeatedLines(provider.GetRequiredService<ConsoleLoggerProvider>(), provider.GetRequiredService<TimeProvider>()));
    }
}
