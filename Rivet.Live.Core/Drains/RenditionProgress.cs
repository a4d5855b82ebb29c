using Rivet.Live.Core.Media;

namespace Rivet.Live.Core.Drains;

/// <summary>What one rendition's transcoder tells of its work. Written by its drain's thread, read by stats at any time.</summary>
/// <param name="time">The clock.</param>
internal sealed class RenditionProgress(TimeProvider time)
{
    private readonly Lock _publishedLock = new();
    private MediaTime? _publishedUntil;
    private double _mediaSeconds;
    private double _busySeconds;
    private long _framesDecoded;
    private long _framesEncoded;
    private long _framesDropped;
    private long _framesDuplicated;
    private long _chunksEncoded;
    private long _chunksRequeued;
    private long _encoderRestarts;
    private long _failovers;
    private long _chunksHelped;
    private double _leaseWaitSeconds;
    private long _bytesEncoded;

    public RenditionState State { get; set; }

    /// <summary>It is not encoded for now: the devices do not keep real time with everything, or an operator took it out.</summary>
    public bool IsShed { get; set; }

    /// <summary>That was an operator.</summary>
    public bool IsDropped { get; set; }

    /// <summary>What is published, once its init exists.</summary>
    public TrackDescription? Track { get; set; }

    /// <summary>The encoder's name in libavcodec, once open.</summary>
    public string? Encoder { get; set; }

    /// <summary>The device it runs on, once open.</summary>
    public string? Device { get; set; }

    /// <summary>Bits per second that the encoder was told to keep to.</summary>
    public int? ConfiguredBitrateBps { get; set; }

    /// <summary>Milliseconds per picture in scaler and encoder.</summary>
    public SlidingPercentiles EncodeMilliseconds { get; } = SlidingPercentiles.OverAMinute(time);

    /// <summary>Bits per second over about the last two seconds of media, and since the start.</summary>
    public BitrateMeter Bitrate { get; } = new();

    /// <summary>Where the newest published sample ends on the timeline; null before the first.</summary>
    public MediaTime? PublishedUntil
    {
        get
        {
            lock (_publishedLock)
            {
                return _publishedUntil;
            }
        }
    }

    /// <summary>Seconds of media per second spent scaling and encoding; null before the first picture.</summary>
    public double? RealtimeRatio
    {
        get
        {
            lock (_publishedLock)
            {
                return _busySeconds > 0 ? _mediaSeconds / _busySeconds : null;
            }
        }
    }

    public long FramesDecoded => Interlocked.Read(ref _framesDecoded);

    public long FramesEncoded => Interlocked.Read(ref _framesEncoded);

    /// <summary>Pictures that were decoded but not encoded, and those that the rendition was too slow for.</summary>
    public long FramesDropped => Interlocked.Read(ref _framesDropped);

    /// <summary>Pictures that were published again; none, unless something is wrong.</summary>
    public long FramesDuplicated => Interlocked.Read(ref _framesDuplicated);

    /// <summary>Chunks of the source behind the one at hand, as far as they have come.</summary>
    public int QueuedChunks { get; set; }

    public long ChunksEncoded => Interlocked.Read(ref _chunksEncoded);

    /// <summary>Those of them that a helper encoded, on a device that had room.</summary>
    public long ChunksHelped => Interlocked.Read(ref _chunksHelped);

    /// <summary>Chunks that went back to their first unpublished picture, since an encoder did not do its work.</summary>
    public long ChunksRequeued => Interlocked.Read(ref _chunksRequeued);

    /// <summary>Encoders that were given up before their time.</summary>
    public long EncoderRestarts => Interlocked.Read(ref _encoderRestarts);

    /// <summary>How often another device took over from one that failed.</summary>
    public long Failovers => Interlocked.Read(ref _failovers);

    /// <summary>Seconds spent waiting for a device that had room.</summary>
    public double LeaseWaitSeconds
    {
        get
        {
            lock (_publishedLock)
            {
                return _leaseWaitSeconds;
            }
        }
    }

    public long BytesEncoded => Interlocked.Read(ref _bytesEncoded);

    /// <summary>Everything counted so far, but for what was published.</summary>
    public RenditionCounters Counters
    {
        get
        {
            lock (_publishedLock)
            {
                return new RenditionCounters(
                    FramesDecoded, FramesDropped, FramesDuplicated, ChunksEncoded, ChunksHelped, ChunksRequeued, EncoderRestarts, Failovers,
                    _leaseWaitSeconds, _mediaSeconds, _busySeconds);
            }
        }
    }

    /// <summary>Adds what was counted elsewhere.</summary>
    /// <param name="counted">Since the last time.</param>
    /// <param name="encodeMilliseconds">Milliseconds per picture in scaler and encoder.</param>
    public void Add(in RenditionCounters counted, ReadOnlySpan<double> encodeMilliseconds)
    {
        Interlocked.Add(ref _framesDecoded, counted.FramesDecoded);
        Interlocked.Add(ref _framesDropped, counted.FramesDropped);
        Interlocked.Add(ref _framesDuplicated, counted.FramesDuplicated);
        Interlocked.Add(ref _chunksEncoded, counted.ChunksEncoded);
        Interlocked.Add(ref _chunksHelped, counted.ChunksHelped);
        Interlocked.Add(ref _chunksRequeued, counted.ChunksRequeued);
        Interlocked.Add(ref _encoderRestarts, counted.EncoderRestarts);
        Interlocked.Add(ref _failovers, counted.Failovers);
        foreach (double milliseconds in encodeMilliseconds)
        {
            EncodeMilliseconds.Add(milliseconds);
        }

        lock (_publishedLock)
        {
            _leaseWaitSeconds += counted.LeaseWaitSeconds;
            _mediaSeconds += counted.MediaSeconds;
            _busySeconds += counted.BusySeconds;
        }
    }

    /// <summary>One picture was scaled and encoded.</summary>
    public void CountWork(double mediaSeconds, double busySeconds)
    {
        EncodeMilliseconds.Add(busySeconds * 1000);
        lock (_publishedLock)
        {
            _mediaSeconds += mediaSeconds;
            _busySeconds += busySeconds;
        }
    }

    /// <summary>A sample was published.</summary>
    /// <param name="sample">Which.</param>
    /// <param name="timescale">Of its times.</param>
    public void CountPublished(in Sample sample, int timescale)
    {
        State = RenditionState.Running;
        CountEncoded(sample.Bytes);
        Bitrate.Add((double)sample.Duration / timescale, sample.Bytes);
        lock (_publishedLock)
        {
            _publishedUntil = new MediaTime(sample.DecodeEnd, timescale);
        }
    }

    public void CountDecoded(int frames) => Interlocked.Add(ref _framesDecoded, frames);

    public void CountEncoded(int bytes)
    {
        Interlocked.Increment(ref _framesEncoded);
        Interlocked.Add(ref _bytesEncoded, bytes);
    }

    public void CountDropped(long frames) => Interlocked.Add(ref _framesDropped, frames);

    public void CountDuplicated(int frames) => Interlocked.Add(ref _framesDuplicated, frames);

    public void CountChunk() => Interlocked.Increment(ref _chunksEncoded);

    /// <summary>An encoder was given up, and what it had not given is encoded again.</summary>
    public void CountRequeue()
    {
        Interlocked.Increment(ref _encoderRestarts);
        Interlocked.Increment(ref _chunksRequeued);
    }

    public void CountHelp() => Interlocked.Increment(ref _chunksHelped);

    public void CountFailover() => Interlocked.Increment(ref _failovers);

    public void AddLeaseWait(TimeSpan waited)
    {
        lock (_publishedLock)
        {
            _leaseWaitSeconds += waited.TotalSeconds;
        }
    }
}
