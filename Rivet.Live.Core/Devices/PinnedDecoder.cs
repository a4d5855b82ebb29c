using System.Diagnostics.CodeAnalysis;
using Rivet.Live.Core.Encoding;

namespace Rivet.Live.Core.Devices;

/// <summary>Decodes on a device; where that fails, the samples since the last keyframe that was shown are decoded again on the CPU, and so is all that follows.</summary>
/// <remarks>No picture is lost by it, and none comes twice.</remarks>
internal sealed class PinnedDecoder : IVideoDecoder
{
    /// <summary>Samples are kept for a fall back as long as they are no more than this; without them it waits for the next keyframe.</summary>
    private const int KeptBytesMax = 32 << 20;

    private readonly Func<IVideoDecoder> _openSoftware;
    private readonly List<CompressedSample> _kept = [];
    private DecoderLease? _lease;
    private IVideoDecoder? _software;
    private int _keptBytes;
    private bool _hasAll = true;
    private bool _awaitsKeyframe;
    private bool _isDraining;
    private long _lastReceived = long.MinValue;

    /// <param name="lease">Of an opened decoder; taken over.</param>
    /// <param name="openSoftware">Opens the CPU's decoder for the same track.</param>
    public PinnedDecoder(DecoderLease lease, Func<IVideoDecoder> openSoftware)
    {
        _lease = lease;
        _openSoftware = openSoftware;
    }

    public void Send(ReadOnlySpan<byte> sample, long decodeTime, long presentationTime, bool isSync)
    {
        ArgumentOutOfRangeException.ThrowIfZero(sample.Length, nameof(sample));
        if (_isDraining)
        {
            Begin();
        }

        if (_lease is null)
        {
            _awaitsKeyframe &= !isSync;
            if (!_awaitsKeyframe)
            {
                _software!.Send(sample, decodeTime, presentationTime, isSync);
            }

            return;
        }

        CompressedSample kept = new(sample.ToArray(), decodeTime, presentationTime, isSync);
        Keep(kept);
        try
        {
            _lease.Decoder.Send(kept);
        }
        catch (CodecException failed)
        {
            FallBack(failed);
        }
    }

    public bool TryReceive([NotNullWhen(true)] out Picture? picture)
    {
        while (_lease is null ? _software!.TryReceive(out picture) : _lease.Decoder.TryReceive(out picture))
        {
            // Those that the device had decoded come out of the CPU once more.
            if (_lease is null && picture.PresentationTime <= _lastReceived)
            {
                picture.Dispose();
                continue;
            }

            _lastReceived = Math.Max(_lastReceived, picture.PresentationTime);
            ForgetBefore(picture.PresentationTime);
            return true;
        }

        picture = null;
        return false;
    }

    public void Drain()
    {
        _isDraining = true;
        try
        {
            _lease?.Decoder.Drain();
        }
        catch (CodecException failed)
        {
            FallBack(failed);
        }

        _software?.Drain();
    }

    public void Reset()
    {
        Begin();
        _lastReceived = long.MinValue;
        try
        {
            _lease?.Decoder.Reset();
        }
        catch (CodecException failed)
        {
            FallBack(failed);
        }

        _software?.Reset();
    }

    public void Dispose()
    {
        _lease?.Dispose();
        _lease = null;
        _software?.Dispose();
    }

    private void Begin()
    {
        _isDraining = false;
        Forget();
    }

    private void Forget()
    {
        _kept.Clear();
        _keptBytes = 0;
        _hasAll = true;
    }

    private void Keep(CompressedSample sample)
    {
        if (_keptBytes + sample.Bytes.Length > KeptBytesMax)
        {
            Forget();
            _hasAll = false;
        }

        _hasAll |= sample.IsSync;
        if (_hasAll)
        {
            _kept.Add(sample);
            _keptBytes += sample.Bytes.Length;
        }
    }

    /// <summary>With a keyframe's picture everything before it is out, pictures that are shown before it too.</summary>
    private void ForgetBefore(long presentationTime)
    {
        int keyframe = _kept.FindLastIndex(sample => sample.IsSync && sample.PresentationTime <= presentationTime);
        if (keyframe > 0)
        {
            _keptBytes -= _kept.Take(keyframe).Sum(static sample => sample.Bytes.Length);
            _kept.RemoveRange(0, keyframe);
        }
    }

    /// <exception cref="CodecException">The samples are damaged: the CPU cannot decode one of them either.</exception>
    private void FallBack(CodecException failure)
    {
        _lease!.Fail(failure);
        _lease = null;
        _software = _openSoftware();
        _awaitsKeyframe = !_hasAll;
        CodecException? damage = null;
        foreach (CompressedSample sample in _kept)
        {
            try
            {
                _software.Send(sample.Bytes, sample.DecodeTime, sample.PresentationTime, sample.IsSync);
            }
            catch (CodecException damaged)
            {
                damage ??= damaged;
            }
        }

        Forget();
        if (damage is not null)
        {
            throw damage;
        }
    }
}
