using Microsoft.Extensions.Logging;
using Rivet.Live.Core.Native;

namespace Rivet.Live.Core.Encoding;

/// <summary>Brings FFmpeg's own messages into the server's log, under the codec they concern and never more than a few a second.</summary>
/// <remarks>A damaged stream makes a decoder complain about every macroblock; the first lines tell all there is to know.</remarks>
internal sealed partial class FFmpegLog(ILogger logger, TimeProvider clock)
{
    /// <summary>Lines of one codec in one second; the rest is counted.</summary>
    public const int LinesPerSecond = 4;

    /// <summary>Begins the labels of codecs that may fail: what a device cannot do is told once, by whoever asked.</summary>
    public const string TrialPrefix = "trial on ";

    // More labels than that means that old ones have stopped talking.
    private const int MaxTalkers = 256;

    private static readonly TimeSpan Window = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, Talker> _talkers = [];

    /// <summary>Makes this the place that FFmpeg writes to.</summary>
    public void Attach(FFmpegLibrary library) => library.LogTo(Write);

    /// <summary>One message, on whichever thread a codec had something to say.</summary>
    /// <param name="level">FFmpeg's own level: 16 error, 24 warning, more is less important.</param>
    /// <param name="label">The codec concerned; null where unknown.</param>
    /// <param name="text">The message.</param>
    public void Write(int level, string? label, string text)
    {
        string talker = label ?? "ffmpeg";
        if (!MaySpeak(talker, out int unspoken))
        {
            return;
        }

        if (unspoken > 0)
        {
            LogUnspoken(logger, talker, unspoken);
        }

        LogLevel importance = talker.StartsWith(TrialPrefix, StringComparison.Ordinal) ? LogLevel.Debug : LevelOf(level);
        LogLine(logger, importance, talker, text);
    }

    private static LogLevel LevelOf(int level) => level switch
    {
        <= AvLog.Error => LogLevel.Error,
        <= AvLog.Warning => LogLevel.Warning,
        <= AvLog.Information => LogLevel.Information,
        _ => LogLevel.Debug,
    };

    [LoggerMessage(EventName = "ffmpeg-line", Message = "{Codec}: {Text}")]
    private static partial void LogLine(ILogger logger, LogLevel level, string codec, string text);

    [LoggerMessage(Level = LogLevel.Warning, EventName = "ffmpeg-unspoken", Message = "{Codec}: {Lines} more lines were left out")]
    private static partial void LogUnspoken(ILogger logger, string codec, int lines);

    private bool MaySpeak(string label, out int unspoken)
    {
        long now = clock.GetTimestamp();
        lock (_lock)
        {
            if (!_talkers.TryGetValue(label, out Talker? talker))
            {
                if (_talkers.Count == MaxTalkers)
                {
                    _talkers.Clear();
                }

                _talkers.Add(label, talker = new Talker { Since = now });
            }

            unspoken = 0;
            if (clock.GetElapsedTime(talker.Since, now) >= Window)
            {
                unspoken = talker.Unspoken;
                talker.Since = now;
                talker.Spoken = talker.Unspoken = 0;
            }

            if (talker.Spoken == LinesPerSecond)
            {
                talker.Unspoken++;
                return false;
            }

            talker.Spoken++;
            return true;
        }
    }

    private sealed class Talker
    {
        public long Since { get; set; }

        public int Spoken { get; set; }

        public int Unspoken { get; set; }
    }
}
