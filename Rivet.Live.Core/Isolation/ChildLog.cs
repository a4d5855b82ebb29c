using Microsoft.Extensions.Logging;

namespace Rivet.Live.Core.Isolation;

/// <summary>A child's log: its lines go to the server, which decides what is shown of them.</summary>
internal sealed class ChildLog(Action<Message> send) : ILoggerProvider, ISupportExternalScope
{
    private IExternalScopeProvider? _scopes;

    public ILogger CreateLogger(string categoryName) => new Logger(this, categoryName, send);

    public void SetScopeProvider(IExternalScopeProvider scopeProvider) => _scopes = scopeProvider;

    public void Dispose()
    {
        // It holds nothing.
    }

    /// <summary>The rendition whose scope it is; null where it is none's.</summary>
    private string? RenditionNow()
    {
        Found found = new();
        _scopes?.ForEachScope(
            static (scope, found) =>
            {
                if (scope is IEnumerable<KeyValuePair<string, object?>> fields)
                {
                    found.Rendition = fields.FirstOrDefault(static field => field.Key == "Rendition").Value as string ?? found.Rendition;
                }
            },
            found);
        return found.Rendition;
    }

    private sealed class Found
    {
        public string? Rendition { get; set; }
    }

    private sealed class Logger(ChildLog log, string category, Action<Message> send) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => log._scopes?.Push(state);

        public bool IsEnabled(LogLevel logLevel) => logLevel is >= LogLevel.Information and < LogLevel.None;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel))
            {
                string text = formatter(state, exception);
                send(new LineLogged(logLevel, category, eventId.Id, exception is null ? text : $"{text} {exception}", log.RenditionNow()));
            }
        }
    }
}
