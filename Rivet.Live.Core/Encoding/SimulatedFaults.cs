namespace Rivet.Live.Core.Encoding;

/// <summary>What a simulated device is told to do wrong, at any time, by whoever holds this.</summary>
/// <remarks>A child process that runs a ladder has a device of its own: what <see cref="Slow"/> was told before the child began reaches it, and nothing else does. Settings name nothing else.</remarks>
internal sealed class SimulatedFaults
{
    // A monitor, since encoders that hang wait on it. Guards everything below.
    private readonly object _faultsLock = new();
    private double? _speed;
    private (int Count, double PixelsPerSecond)? _engines;
    private int _busyEngines;
    private int? _sessionsMax;
    private int _sessions;
    private int _opensToFailure = int.MaxValue;
    private int _picturesToFailure = int.MaxValue;
    private int? _decodersMax;
    private int _decoders;
    private int _samplesToFailure = int.MaxValue;
    private bool _isBusy;
    private bool _isHanging;
    private bool _isLost;
    private int _losses;
    private string? _profile;

    /// <summary>Encoders open on the device.</summary>
    public int Sessions
    {
        get
        {
            lock (_faultsLock)
            {
                return _sessions;
            }
        }
    }

    /// <summary>As <see cref="Slow"/> was told last.</summary>
    public double? Speed
    {
        get
        {
            lock (_faultsLock)
            {
                return _speed;
            }
        }
    }

    /// <summary>Seconds of media that each encoder does in a second; null as fast as it can.</summary>
    public void Slow(double? speed) => Set(() => _speed = speed);

    /// <summary>All encoders share so many engines, each of which does so many pixels a second; null for encoders that do not get in each other's way.</summary>
    public void Share((int Count, double PixelsPerSecond)? engines) => Set(() => _engines = engines);

    /// <summary>From now on the driver has no memory for more encoders than these; null for any number.</summary>
    public void Fill(int? sessionsMax) => Set(() => _sessionsMax = sessionsMax);

    /// <summary>Decoders open on the device.</summary>
    public int Decoders
    {
        get
        {
            lock (_faultsLock)
            {
                return _decoders;
            }
        }
    }

    /// <summary>As <see cref="Fill"/>, of decoders.</summary>
    public void FillDecoders(int? decodersMax) => Set(() => _decodersMax = decodersMax);

    /// <summary>The <paramref name="nth"/> sample decoded from now on fails; 1 is the next.</summary>
    public void FailSample(int nth) => Set(() => _samplesToFailure = nth);

    /// <summary>Opening is answered with not now, or is so no longer.</summary>
    public void Busy(bool isBusy) => Set(() => _isBusy = isBusy);

    /// <summary>The <paramref name="nth"/> encoder opened from now on fails to open; 1 is the next.</summary>
    public void FailOpen(int nth) => Set(() => _opensToFailure = nth);

    /// <summary>The <paramref name="nth"/> picture encoded from now on fails; 1 is the next.</summary>
    public void FailPicture(int nth) => Set(() => _picturesToFailure = nth);

    /// <summary>Nothing is answered until <see cref="Restore"/>.</summary>
    public void Hang() => Set(() => _isHanging = true);

    /// <summary>The device is gone: everything fails until <see cref="Restore"/>, and what was open then stays lost.</summary>
    public void Lose() => Set(() =>
    {
        _isLost = true;
        _losses++;
    });

    /// <summary>Neither hangs nor is lost any more.</summary>
    public void Restore() => Set(() => _isHanging = _isLost = false);

    /// <summary>Encoders opened from now on write another H.264 profile; null lets them choose as others do.</summary>
    public void Disagree(string? profile) => Set(() => _profile = profile);

    /// <summary>Called before an encoder is opened; says with which profile, and how often the device was lost before.</summary>
    internal (string? Profile, int Losses) Opening(string label)
    {
        lock (_faultsLock)
        {
            Answer(_losses, label);
            if (_isBusy)
            {
                throw new CodecException(EncoderFault.Busy, $"{label}: the device is busy.");
            }

            if (_sessions >= _sessionsMax)
            {
                throw new CodecException(EncoderFault.Full, $"{label}: no memory for more than {_sessionsMax} encoders.");
            }

            if (--_opensToFailure == 0)
            {
                throw new CodecException(EncoderFault.Failed, $"{label}: told to fail to open.");
            }

            _sessions++;
            return (_profile, _losses);
        }
    }

    /// <summary>Called before a picture is encoded; waits as long as the device is slow or hangs.</summary>
    /// <param name="busySeconds">Duration of the picture: a device at speed 1 takes so long for it.</param>
    /// <param name="pixels">Of the picture: engines that are shared take their time for it.</param>
    /// <param name="losses">What <see cref="Opening"/> said when the encoder was opened.</param>
    /// <param name="label">Names the encoder in error texts.</param>
    internal void Encoding(double busySeconds, int pixels, int losses, string label)
    {
        lock (_faultsLock)
        {
            Answer(losses, label);
            WaitFor(() => _speed is { } speed ? busySeconds / speed : 0, losses, label);
            UseEngine(pixels, losses, label);

            if (--_picturesToFailure == 0)
            {
                throw new CodecException(EncoderFault.Failed, $"{label}: told to fail.");
            }
        }
    }

    internal void Closed() => Set(() => _sessions--);

    /// <summary>Called before a decoder is opened; says how often the device was lost before.</summary>
    internal int OpeningDecoder(string label)
    {
        lock (_faultsLock)
        {
            Answer(_losses, label);
            if (_decoders >= _decodersMax)
            {
                throw new CodecException(EncoderFault.Full, $"{label}: no memory for more than {_decodersMax} decoders.");
            }

            _decoders++;
            return _losses;
        }
    }

    /// <summary>Called before a sample is decoded.</summary>
    internal void Decoding(int losses, string label)
    {
        lock (_faultsLock)
        {
            Answer(losses, label);
            if (--_samplesToFailure == 0)
            {
                throw new CodecException(EncoderFault.Failed, $"{label}: told to fail.");
            }
        }
    }

    internal void DecoderClosed() => Set(() => _decoders--);

    private void UseEngine(int pixels, int losses, string label)
    {
        while (_busyEngines >= _engines?.Count)
        {
            Monitor.Wait(_faultsLock);
            Answer(losses, label);
        }

        _busyEngines++;
        try
        {
            WaitFor(() => _engines is { } engines ? pixels / engines.PixelsPerSecond : 0, losses, label);
        }
        finally
        {
            _busyEngines--;
            Monitor.PulseAll(_faultsLock);
        }
    }

    /// <summary>Waits, under the lock that it gives up meanwhile, as long as it takes as things are: they may change.</summary>
    private void WaitFor(Func<double> seconds, int losses, string label)
    {
        long began = TimeProvider.System.GetTimestamp();
        while (TimeSpan.FromSeconds(seconds()) - TimeProvider.System.GetElapsedTime(began) is { Ticks: > 0 } left)
        {
            Monitor.Wait(_faultsLock, left);
            Answer(losses, label);
        }
    }

    private void Answer(int losses, string label)
    {
        while (_isHanging)
        {
            Monitor.Wait(_faultsLock);
        }

        if (_isLost || losses != _losses)
        {
            throw new CodecException(EncoderFault.Lost, $"{label}: the device is lost.");
        }
    }

    private void Set(Action change)
    {
        lock (_faultsLock)
        {
            change();
            Monitor.PulseAll(_faultsLock);
        }
    }
}
