using Rivet.Live.Core.Encoding;

namespace Rivet.Live.Core.Devices;

/// <summary>What a simulated device is told to do wrong, at any time, by whoever holds this.</summary>
/// <remarks>A child process that runs a ladder has a device of its own, with encoders of its own to count: it does wrong what this one had been told when the child began.</remarks>
internal sealed class SimulatedFaults
{
    // A monitor, since encoders that hang wait on it. Guards everything below.
    private readonly object _faultsLock = new();
    private ToldFaults _told;
    private int _busyEngines;
    private int _sessions;
    private int _decoders;
    private int _losses;

    /// <param name="told">What it has been told elsewhere; nothing by default.</param>
    public SimulatedFaults(ToldFaults? told = null) => _told = told ?? new ToldFaults();

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

    /// <summary>What it is told at this moment.</summary>
    public ToldFaults Told
    {
        get
        {
            lock (_faultsLock)
            {
                return _told;
            }
        }
    }

    /// <summary>Seconds of media that each encoder does in a second; null as fast as it can.</summary>
    public void Slow(double? speed) => Tell(told => told with { Speed = speed });

    /// <summary>All encoders share so many engines, each of which does so many pixels a second; null for encoders that do not get in each other's way.</summary>
    public void Share((int Count, double PixelsPerSecond)? engines) => Tell(told => told with { Engines = engines });

    /// <summary>From now on the driver has no memory for more encoders than these; null for any number.</summary>
    public void Fill(int? sessionsMax) => Tell(told => told with { SessionsMax = sessionsMax });

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
    public void FillDecoders(int? decodersMax) => Tell(told => told with { DecodersMax = decodersMax });

    /// <summary>The <paramref name="nth"/> sample decoded from now on fails; 1 is the next.</summary>
    public void FailSample(int nth) => Tell(told => told with { SamplesToFailure = nth });

    /// <summary>Opening is answered with not now, or is so no longer.</summary>
    public void Busy(bool isBusy) => Tell(told => told with { IsBusy = isBusy });

    /// <summary>The <paramref name="nth"/> encoder opened from now on fails to open; 1 is the next.</summary>
    public void FailOpen(int nth) => Tell(told => told with { OpensToFailure = nth });

    /// <summary>The <paramref name="nth"/> picture encoded from now on fails; 1 is the next.</summary>
    public void FailPicture(int nth) => Tell(told => told with { PicturesToFailure = nth });

    /// <summary>Nothing is answered until <see cref="Restore"/>.</summary>
    public void Hang() => Tell(static told => told with { IsHanging = true });

    /// <summary>The device is gone: everything fails until <see cref="Restore"/>, and what was open then stays lost.</summary>
    public void Lose() => Set(() =>
    {
        _told = _told with { IsLost = true };
        _losses++;
    });

    /// <summary>Neither hangs nor is lost any more.</summary>
    public void Restore() => Tell(static told => told with { IsHanging = false, IsLost = false });

    /// <summary>Encoders opened from now on write another H.264 profile; null lets them choose as others do.</summary>
    public void Disagree(string? profile) => Tell(told => told with { Profile = profile });

    /// <summary>Called before an encoder is opened; says with which profile, and how often the device was lost before.</summary>
    internal (string? Profile, int Losses) Opening(string label)
    {
        lock (_faultsLock)
        {
            Answer(_losses, label);
            if (_told.IsBusy)
            {
                throw new CodecException(EncoderFault.Busy, $"{label}: the device is busy.");
            }

            if (_sessions >= _told.SessionsMax)
            {
                throw new CodecException(EncoderFault.Full, $"{label}: no memory for more than {_told.SessionsMax} encoders.");
            }

            int? opens = _told.OpensToFailure;
            _told = _told with { OpensToFailure = Less(opens) };
            if (opens == 1)
            {
                throw new CodecException(EncoderFault.Failed, $"{label}: told to fail to open.");
            }

            _sessions++;
            return (_told.Profile, _losses);
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
            WaitFor(() => _told.Speed is { } speed ? busySeconds / speed : 0, losses, label);
            UseEngine(pixels, losses, label);

            int? pictures = _told.PicturesToFailure;
            _told = _told with { PicturesToFailure = Less(pictures) };
            if (pictures == 1)
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
            if (_decoders >= _told.DecodersMax)
            {
                throw new CodecException(EncoderFault.Full, $"{label}: no memory for more than {_told.DecodersMax} decoders.");
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
            int? samples = _told.SamplesToFailure;
            _told = _told with { SamplesToFailure = Less(samples) };
            if (samples == 1)
            {
                throw new CodecException(EncoderFault.Failed, $"{label}: told to fail.");
            }
        }
    }

    internal void DecoderClosed() => Set(() => _decoders--);

    /// <summary>What is left to a failure that is not to happen yet; null where there is none.</summary>
    private static int? Less(int? toFailure) => toFailure > 1 ? toFailure - 1 : null;

    private void UseEngine(int pixels, int losses, string label)
    {
        while (_busyEngines >= _told.Engines?.Count)
        {
            Monitor.Wait(_faultsLock);
            Answer(losses, label);
        }

        _busyEngines++;
        try
        {
            WaitFor(() => _told.Engines is { } engines ? pixels / engines.PixelsPerSecond : 0, losses, label);
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
        while (_told.IsHanging)
        {
            Monitor.Wait(_faultsLock);
        }

        if (_told.IsLost || losses != _losses)
        {
            throw new CodecException(EncoderFault.Lost, $"{label}: the device is lost.");
        }
    }

    private void Tell(Func<ToldFaults, ToldFaults> change) => Set(() => _told = change(_told));

    private void Set(Action change)
    {
        lock (_faultsLock)
        {
            change();
            Monitor.PulseAll(_faultsLock);
        }
    }
}
