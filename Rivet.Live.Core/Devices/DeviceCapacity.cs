namespace Rivet.Live.Core.Devices;

/// <summary>What a device can encode, in pixels per second: guessed, then measured, then corrected by what is seen.</summary>
/// <param name="processors">How many encoders work at once without slowing each other down: a CPU's threads, or as many as fill a GPU's engines.</param>
/// <param name="guess">Pixels per second of one of them, until something was measured.</param>
/// <param name="time">The clock.</param>
internal sealed class DeviceCapacity(int processors, double guess, TimeProvider time)
{
    /// <summary>A third more than 720p at 30 pictures a second, which took 7 ms a picture with veryfast on a thread of a slow machine.</summary>
    public const double GuessPerProcessor = 1280 * 720 * 40;

    /// <summary>What is promised of what can be done: decoding, packaging and serving run on the same processors.</summary>
    private const double Promised = 0.85;

    /// <summary>Weight of what was just seen of a device that was busy all the time. One that is hardly used shows little of what it can do.</summary>
    private const double Weight = 0.25;

    private static readonly TimeSpan SeenOver = TimeSpan.FromSeconds(2);

    private readonly Lock _seenLock = new();
    private double _perProcessor = guess;
    private double _pixels;
    private double _busySeconds;
    private long _since = time.GetTimestamp();

    public double PixelsPerSecond
    {
        get
        {
            lock (_seenLock)
            {
                return _perProcessor * processors * Promised;
            }
        }
    }

    /// <summary>Replaces the guess.</summary>
    public void Measured(double pixelsPerSecondAndProcessor)
    {
        lock (_seenLock)
        {
            _perProcessor = pixelsPerSecondAndProcessor;
        }
    }

    /// <summary>Some pixels were encoded in some processor time.</summary>
    /// <remarks>
    /// Threads that wait for a processor are busy too. So the share of busy threads counts as one processor's share at most: with twice as
    /// many threads as processors, all of them busy, what came out is what can be done.
    /// </remarks>
    public void Saw(double pixels, double busySeconds)
    {
        lock (_seenLock)
        {
            _pixels += pixels;
            _busySeconds += busySeconds;
            TimeSpan elapsed = time.GetElapsedTime(_since);
            if (elapsed < SeenOver)
            {
                return;
            }

            double share = Math.Min(1, _busySeconds / (elapsed.TotalSeconds * processors));
            double seen = _pixels / elapsed.TotalSeconds / share / processors;
            if (share > 0 && double.IsFinite(seen))
            {
                _perProcessor += Weight * share * (seen - _perProcessor);
            }

            _pixels = 0;
            _busySeconds = 0;
            _since = time.GetTimestamp();
        }
    }
}
