using System.Collections.Concurrent;

namespace Rivet.Live.Hosting;

/// <summary>Keeps a log readable when the same thing goes wrong again and again: of one event with one text, a few lines in a while, then how many were left out.</summary>
/// <remarks>What counts as the same is the event and its text without numbers, so that counters and times in it do not matter.</remarks>
/// <param name="inner">Writes what is let through.</param>
/// <param name="time">The clock.</param>
[ProviderAlias("Console")]
internal sealed class RepeatedLines(ILoggerProvider inner, TimeProvider time) : ILoggerProvider, ISupportExternalScope
{
    /// <summary>Lines of a kind that are let through within <see cref="While"/>.</summary>
    public const int LinesMax = 5;

    /// <summary>How long it takes until as many are let through again.</summary>
    public static readonly TimeSpan While = TimeSpan.FromSeconds(10);

    /// <summary>Kinds remembered; beyond them all are forgotten, which lets a few lines more through.</summary>
    private const int KindsMax = 10_000;

    private readonly ConcurrentDictionary<(string Category, int Id, string Text), Row> _rows = [];

    public ILogger CreateLogger(string categoryName) => new Logger(this, categoryName, inner.CreateLogger(categoryName));

    public void SetScopeProvider(IExternalScopeProvider scopeProvider) => (inner as ISupportExternalScope)?.SetScopeProvider(scopeProvider);

    public void Dispose() => inner.Dispose();

    /// <summary>Whether a line is let through, and how many like it were not since the last one that was.</summary>
    private (bool Passes, int LeftOut) Count(string category, int id, string text)
    {
        if (_rows.Count > KindsMax)
        {
            _rows.Clear();
        }

        Row row = _rows.GetOrAdd((category, id, string.Concat(text.Where(static letter => !char.IsAsciiDigit(letter)))), static _ => new Row());
        lock (row)
        {
            int leftOut = 0;
            if (row.Began == 0 || time.GetElapsedTime(row.Began) >= While)
            {
                leftOut = Math.Max(0, row.Lines - LinesMax);
                row.Began = time.GetTimestamp();
                row.Lines = 0;
            }

            return (++row.Lines <= LinesMax, leftOut);
        }
    }

    private sealed class Row
    {
        public long Began { get; set; }

        public int Lines { get; set; }
    }

    private sealed class Logger(RepeatedLines lines, string category, ILogger logger) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => logger.BeginScope(state);

        public bool IsEnabled(LogLevel logLevel) => logger.IsEnabled(logLevel);

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            (bool passes, int leftOut) = lines.Count(category, eventId.Id, formatter(state, exception));
            if (leftOut > 0)
            {
                string text = $"{leftOut} more lines like the next one were left out.";
                logger.Log(logLevel, eventId, text, null, static (line, _) => line);
            }

            if (passes)
            {
                logger.Log(logLevel, eventId, state, exception, formatter);
            }
        }
    }
}
