namespace Rivet.Live.Core.Media;

/// <summary>Bits per second of media time. Safe for one writer and many readers.</summary>
internal sealed class BitrateMeter
{
    private const double WindowSeconds = 2;

    // Two seconds at 500 samples a second; samples that last no time must not pile up.
    private const int WindowSamples = 1000;

    private readonly Lock _countLock = new();
    private readonly Queue<(double Seconds, long Bytes)> _window = new();
    private double _totalSeconds;
    private long _totalBytes;
    private double _windowSeconds;
    private long _windowBytes;

    /// <summary>Since the start, in bits per second; null before the first sample.</summary>
    public double? Average
    {
        get
        {
            lock (_countLock)
            {
                return _totalSeconds > 0 ? _totalBytes * 8 / _totalSeconds : null;
            }
        }
    }

    /// <summary>Over about the last two seconds of media, in bits per second; null before the first sample.</summary>
    public double? Latest
    {
        get
        {
            lock (_countLock)
            {
                return _windowSeconds > 0 ? _windowBytes * 8 / _windowSeconds : null;
            }
        }
    }

    public void Add(double seconds, long bytes)
    {
        lock (_countLock)
        {
            _totalSeconds += seconds;
            _totalBytes += bytes;
            _window.Enqueue((seconds, bytes));
            _windowSeconds += seconds;
            _windowBytes += bytes;
            while ((_windowSeconds > WindowSeconds && _window.Count > 1) || _window.Count > WindowSamples)
            {
                (double oldSeconds, long oldBytes) = _window.Dequeue();
                _windowSeconds -= oldSeconds;
                _windowBytes -= oldBytes;
            }
        }
    }
}
