using System.Diagnostics.CodeAnalysis;
using Rivet.Live.Core.Devices;
using Rivet.Live.Core.Encoding;

namespace Rivet.Live.Core.Ladder;

/// <summary>What one rendition has learnt of devices: which cannot serve it, which failed it last, and on what its encoders must agree.</summary>
internal sealed class DeviceChoice
{
    private readonly HashSet<EncoderDevice> _refusing = [];
    private readonly HashSet<EncoderDevice> _disagreeing = [];
    private readonly HashSet<EncoderDevice> _failing = [];
    private readonly HashSet<EncoderDevice> _resting = [];
    private EncoderDevice? _failed;
    private CodecInvariant? _invariant;
    private bool _mayFallBack;

    /// <summary>Encoders that failed one after the other, none of them giving a sample.</summary>
    public int Failures { get; private set; }

    /// <summary>What its encoders agree on; null before the first.</summary>
    public CodecInvariant? Invariant => _invariant;

    public EncoderNeed Apply(EncoderNeed need) =>
        need with { Retired = [.. _refusing, .. _disagreeing, .. _resting], Avoided = _failed, MayFallBack = _mayFallBack };

    /// <summary>True for a device that takes over from another that failed.</summary>
    public bool IsFailover(EncoderDevice device) => _failed is not null && _failed != device;

    /// <summary>The first encoder of a rendition says what all have to agree on.</summary>
    /// <exception cref="CodecException">This one does not, or its stream has no parameter set to tell by.</exception>
    public void RequireAgreement(EncoderDevice device, CodecInvariant? seen)
    {
        RequireSame(device, seen, _invariant ?? seen);
        _invariant = seen;
    }

    /// <exception cref="CodecException">The device's encoder does not agree with the others, or its stream has no parameter set to tell by.</exception>
    public static void RequireSame(EncoderDevice device, [NotNull] CodecInvariant? seen, CodecInvariant? expected)
    {
        if (seen is null || expected is null)
        {
            throw new CodecException(EncoderFault.Refused, $"{device.Id} gave a sample and no parameter set before it: decoders could not begin.");
        }

        if (seen != expected)
        {
            throw new CodecException(
                EncoderFault.Disagrees, $"{device.Id} writes {seen.DifferenceFrom(expected)}: it cannot go on with a stream that others began.");
        }
    }

    /// <summary>A sample was published.</summary>
    public void Worked()
    {
        Failures = 0;
        _failed = null;
        _failing.Clear();
        _resting.Clear();
    }

    /// <summary>Until a sample comes from another, the devices that failed since the last one are not asked again.</summary>
    public void LeaveFailing()
    {
        Failures = 0;
        _resting.UnionWith(_failing);
        _failing.Clear();
    }

    public void Failed(EncoderDevice device, EncoderFault fault)
    {
        switch (fault)
        {
            case EncoderFault.Disagrees:
                _disagreeing.Add(device);
                break;
            case EncoderFault.Refused:
                _refusing.Add(device);
                break;
            default:
                Failures++;
                _failed = device;
                _failing.Add(device);
                break;
        }
    }

    /// <summary>No device is left. True where there is something to try yet: another init, for those that only disagreed, or the CPU.</summary>
    public bool TryAnotherWay(bool mayFallBack)
    {
        Failures = 0;
        if (_disagreeing.Count > 0)
        {
            _disagreeing.Clear();
            _invariant = null;
            return true;
        }

        bool isNew = mayFallBack && !_mayFallBack;
        _mayFallBack |= mayFallBack;
        return isNew;
    }
}
