using Microsoft.Extensions.Logging;

namespace Rivet.Live.Core.Isolation;

/// <summary>A child's log: its lines go to the server, which decides what is shown of them.</summary>
internal sealed class ChildLog(Action<Message> send) : ILoggerProvider
{
    public ILogger CreateLogger(string categoryName) => new Logger(categoryName, send);

    public void Dispose()
    {
        // It holds nothing.
    }

    private sealed class Logger(string category, Action<Message> send) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel is >= LogLevel.Information and < LogLevel.None;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel))
            {
                string text = formatter(state, exception);
                send(new LineLogged(logLevel, category, eventId.Id, exception is null ? text : $"{text} {exception}"));
            }
        }
    }
}
