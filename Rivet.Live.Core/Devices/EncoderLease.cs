using Rivet.Live.Core.Buffers;
using Rivet.Live.Core.Encoding;

namespace Rivet.Live.Core.Devices;

/// <summary>The borrowed right to one encoder of one device. Only through it are encoders opened, and disposing it closes them first.</summary>
/// <remarks>The slot is free again when the device's encoder is really closed: one that hangs keeps its slot. For one caller at a time.</remarks>
internal sealed class EncoderLease : IDisposable
{
    private readonly IEncoderLender _lender;
    private IVideoEncoder? _encoder;
    private bool _isProved;
    private bool _isDisposed;

    internal EncoderLease(IEncoderLender lender, EncoderDevice device, EncoderNeed need, long since)
    {
        _lender = lender;
        Device = device;
        Need = need;
        Since = since;
    }

    public EncoderDevice Device { get; }

    public EncoderNeed Need { get; }

    /// <summary>When it was granted, as <see cref="TimeProvider.GetTimestamp"/>.</summary>
    public long Since { get; }

    /// <summary>Somebody waits who could have this slot, or the device is cordoned: to be given up at the next chunk's start.</summary>
    public bool IsWanted => _lender.IsWanted(Device);

    /// <summary>Opens an encoder on the device. It belongs to the lease, which has one at a time.</summary>
    /// <exception cref="CodecException">It could not be opened.</exception>
    public IVideoEncoder Open(VideoEncoderSettings settings, PayloadPool payloads, string label)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        _encoder?.Dispose();
        _encoder = null;
        return _encoder = Device.Open(settings, payloads, label);
    }

    /// <summary>A sample came out.</summary>
    /// <param name="settings">Of the encoder that it came from.</param>
    /// <param name="busySeconds">How long it took.</param>
    public void Worked(VideoEncoderSettings settings, double busySeconds)
    {
        _lender.Worked(this, settings, busySeconds);
        if (!_isProved)
        {
            _isProved = true;
            _lender.Proved(this);
        }
    }

    /// <summary>Gives the lease back and tells what went wrong.</summary>
    public void Fail(EncoderFault fault)
    {
        _lender.Blame(this, fault);
        Dispose();
    }

    public void Dispose()
    {
        if (_isDisposed)
        {
            return;
        }

        _isDisposed = true;
        if (_encoder is null)
        {
            _lender.Release(this);
            return;
        }

        _encoder.Dispose();
        if (_encoder.Closed.IsCompleted)
        {
            _lender.Release(this);
            return;
        }

        _ = _encoder.Closed.ContinueWith(_ => _lender.Release(this), TaskScheduler.Default);
    }
}
