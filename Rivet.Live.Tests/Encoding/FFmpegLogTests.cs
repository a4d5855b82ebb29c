using Microsoft.Extensions.Logging;
using Rivet.Live.Core.Encoding;
using Xunit;

namespace Rivet.Live.Tests.Encoding;

public class FFmpegLogTests
{
    [Fact]
    public void Log_FloodOfLines_WritesFourASecondAndThenHowManyWereLeftOut()
    {
        ManualClock clock = new();
        LineLog lines = new();
        FFmpegLog log = new(lines, clock);
        for (int i = 0; i < 50; i++)
        {
            log.Write(16, "live/demo decode", $"error in macroblock {i}");
        }

        Assert.Equal(4, lines.Lines.Count);
        log.Write(24, "live/other decode", "another stream may speak");
        clock.Advance(TimeSpan.FromSeconds(1));
        log.Write(16, "live/demo decode", "later");
        Assert.Equal("Error live/demo decode: error in macroblock 0", lines.Lines[0]);
        Assert.Equal("Warning live/other decode: another stream may speak", lines.Lines[4]);
        Assert.Equal("Warning live/demo decode: 46 more lines were left out", lines.Lines[5]);
        Assert.Equal("Error live/demo decode: later", lines.Lines[6]);
    }

    [Fact]
    public void Log_OfAnEncoderOnTrial_IsForThoseWhoLookFurther()
    {
        LineLog lines = new();
        FFmpegLog log = new(lines, TimeProvider.System);
        log.Write(16, FFmpegLog.TrialPrefix + "0", "unsupported device");
        Assert.Equal("Debug trial on 0: unsupported device", Assert.Single(lines.Lines));
    }

    private sealed class ManualClock : TimeProvider
    {
        private long _ticks;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => _ticks;

        public void Advance(TimeSpan by) => _ticks += by.Ticks;
    }

    private sealed class LineLog : ILogger
    {
        public List<string> Lines { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Lines.Add($"{logLevel} {formatter(state, exception)}");
    }
}
