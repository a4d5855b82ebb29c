using Microsoft.Extensions.Logging;
using Rivet.Live.Core.Encoding;
using Rivet.Live.Core.Media;

namespace Rivet.Live.Core.Ladder;

/// <summary>A small still picture of one broadcast every few seconds, out of its decoder's own pictures, made beside the media path.</summary>
/// <param name="codecs">Scales and encodes.</param>
/// <param name="broadcast">Whose it is.</param>
/// <param name="made">Takes each JPEG. Must not wait.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">Hears of it where none can be made.</param>
internal sealed partial class ThumbnailMaker(Codecs codecs, BroadcastId broadcast, Action<byte[]> made, TimeProvider time, ILogger logger)
{
    /// <summary>Rows of a thumbnail.</summary>
    public const int Height = 144;

    private const int WidthMax = 512;

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    // Whoever set it looks at the time, and lets go of it when there is nothing to do or all is done.
    private int _isBusy;
    private long? _takenAt;

    /// <summary>A picture was decoded; every few seconds one is taken. Never waits.</summary>
    /// <param name="picture">The caller keeps its hold.</param>
    public void Offer(Picture picture)
    {
        if (Interlocked.Exchange(ref _isBusy, 1) != 0)
        {
            return;
        }

        if (_takenAt is { } taken && time.GetElapsedTime(taken) < Interval)
        {
            Volatile.Write(ref _isBusy, 0);
            return;
        }

        _takenAt = time.GetTimestamp();
        Picture shared = picture.Share();
        _ = Task.Run(() => Make(shared));
    }

    private void Make(Picture picture)
    {
        try
        {
            using (picture)
            {
                (int numerator, int denominator) = picture.SampleAspectRatio is ( > 0, > 0) shape ? shape : (1, 1);
                double width = (double)Height * picture.Width * numerator / (picture.Height * denominator);
                made(codecs.EncodeJpeg(picture, Math.Clamp(2 * (int)Math.Round(width / 2), 16, WidthMax), Height));
            }
        }
        catch (Exception failed)
        {
            // By design: a thumbnail must not cost the broadcast anything; told here, since nobody waits for it.
            LogFailed(logger, broadcast, failed.Message);
        }
        finally
        {
            Volatile.Write(ref _isBusy, 0);
        }
    }

    [LoggerMessage(5011, LogLevel.Warning, "{Broadcast}: no thumbnail could be made: {Why}")]
    private static partial void LogFailed(ILogger logger, BroadcastId broadcast, string why);
}
