using Rivet.Live.Core.Buffers;
using Rivet.Live.Core.Encoding;

namespace Rivet.Live.Core.Devices;

/// <summary>The CPU or a GPU: what it is, what it can do at once, and how it has behaved. Its state is the pool's, under the pool's lock.</summary>
internal sealed class EncoderDevice
{
    /// <summary>One slot, for people, where a device is bounded by work: 1280x720 at 30 pictures a second.</summary>
    private const double UsualPixelsPerSecond = 1280 * 720 * 30;

    /// <summary>Failures one after the other that quarantine a device.</summary>
    private const int StrikesMax = 3;


    private static readonly TimeSpan QuarantineMax = TimeSpan.FromSeconds(60);

    private readonly EncoderDeadlines _deadlines;
    private readonly TimeSpan _firstQuarantine;
    private readonly List<EncoderLease> _leases = [];
    private double _usedPixels;
    private int? _slots;
    private int _strikes;
    private int _quarantines;

    /// <param name="index">Its number in configuration and stats; the CPU is 0.</param>
    /// <param name="id">Its word in stats and logs: <c>cpu</c>, <c>gpu1</c>.</param>
    /// <param name="backend">How its encoders are reached.</param>
    /// <param name="slots">Encoders that it can run at once; null where only opening them tells.</param>
    /// <param name="capacity">Pixels per second that it can encode at once, as it is learnt; null where slots are the only bound.</param>
    /// <param name="deadlines">How long its encoders may take.</param>
    /// <param name="firstQuarantine">How long it is left alone first; twice as long each time after that.</param>
    public EncoderDevice(
        int index, string id, IEncoderBackend backend, int? slots, DeviceCapacity? capacity, EncoderDeadlines deadlines, TimeSpan firstQuarantine)
    {
        Index = index;
        Id = id;
        Backend = backend;
        _slots = slots;
        Capacity = capacity;
        _deadlines = deadlines;
        _firstQuarantine = firstQuarantine;
    }

    public int Index { get; }

    public string Id { get; }

    public string Vendor => Backend.Vendor;

    public string? Name => Backend.Name;

    public CodecAbilities Abilities => Backend.Abilities;

    /// <summary>What opens its encoders and decoders, for nobody but those who keep its budgets.</summary>
    internal IEncoderBackend Backend { get; }

    /// <summary>True for the CPU, whose encoders run on the caller's thread. It is the last resort: nothing quarantines it.</summary>
    public bool IsSoftware => Vendor == SoftwareBackend.SoftwareVendor;

    /// <summary>What it can encode at once; null where slots are its only bound.</summary>
    public DeviceCapacity? Capacity { get; }

    public bool IsHealthy { get; private set; } = true;

    internal IReadOnlyList<EncoderLease> Leases => _leases;

    /// <summary>An operator keeps it from new leases.</summary>
    internal bool IsCordoned { get; set; }

    /// <summary>How busy it is, from 0; 1 where nothing more fits.</summary>
    internal double Load => Math.Max(
        _slots is { } slots ? (double)_leases.Count / slots : 0, _usedPixels / (Capacity?.PixelsPerSecond ?? EncodingSpeed.UsualPixelsPerSecond));

    /// <summary>Encoders that it can run at once, as far as known: told, learnt from its refusals, or of the usual size within its capacity.</summary>
    public int? Slots => (_slots, Capacity) switch
    {
        ({ } slots, _) => slots,
        (null, { } capacity) => Math.Max(1, Math.Max(_leases.Count, (int)(capacity.PixelsPerSecond / UsualPixelsPerSecond))),
        _ => null,
    };

    /// <inheritdoc cref="IEncoderBackend.EncoderNameOf"/>
    public string EncoderNameOf(VideoCodec codec) => Backend.EncoderNameOf(codec);

    /// <summary>Opens one of its encoders, on a thread of its own where the device may hang.</summary>
    /// <exception cref="CodecException">It could not be opened.</exception>
    public IVideoEncoder Open(VideoEncoderSettings settings, PayloadPool payloads, string label) => IsSoftware
        ? Backend.Open(settings, payloads, label)
        : WatchedEncoder.Open(Backend, settings, payloads, label, _deadlines);

    /// <summary>True where it is able to, whether or not there is room.</summary>
    internal bool CanEncode(EncoderNeed need) => Abilities.Has(need.Codec, need.BitDepth);

    /// <summary>True where one more lease for this is within what it can do. One it always takes: there may be no larger device.</summary>
    internal bool HasRoomFor(EncoderNeed need) => _leases.Count == 0
        || ((_slots is null || _leases.Count < _slots) && (Capacity is null || _usedPixels + WorkOf(need) <= Capacity.PixelsPerSecond));

    /// <summary>What serving a need costs this device, in pixels of its own a second.</summary>
    internal double WorkOf(EncoderNeed need) => WorkOf(need.Codec, need.PixelsPerSecond);

    internal void Add(EncoderLease lease)
    {
        _leases.Add(lease);
        _usedPixels += WorkOf(lease.Need);
    }

    internal void Remove(EncoderLease lease)
    {
        _leases.Remove(lease);
        _usedPixels = _leases.Sum(other => WorkOf(other.Need));
    }

    /// <summary>What it means for its capacity that one of its encoders took so long for a picture: pixels of its own, and seconds of one of its processors.</summary>
    internal (double Pixels, double Seconds) WorkDone(VideoEncoderSettings settings, double seconds) =>
        (WorkOf(settings.Codec, settings.PictureCost), IsSoftware ? seconds * settings.Threads : seconds);

    /// <summary>Its encoders did some work, see <see cref="WorkDone"/>.</summary>
    internal void Saw(double pixels, double seconds) => Capacity?.Saw(pixels, seconds);

    /// <summary>It encodes: what it did wrong before is forgotten.</summary>
    internal void Proved()
    {
        _strikes = 0;
        _quarantines = 0;
    }

    /// <summary>Takes a fault into account. True where it was healthy and is quarantined by this.</summary>
    internal bool Blame(EncoderFault fault)
    {
        switch (fault)
        {
            case EncoderFault.Full:
                // The one that was refused has its lease still.
                _slots = Math.Max(1, _leases.Count - 1);
                return false;
            case EncoderFault.Busy or EncoderFault.Refused or EncoderFault.Disagrees:
                return false;
            default:
                _strikes += fault == EncoderFault.Failed ? 1 : StrikesMax;
                bool isQuarantined = IsHealthy && !IsSoftware && _strikes >= StrikesMax;
                IsHealthy &= !isQuarantined;
                return isQuarantined;
        }
    }

    /// <summary>How long to leave it alone before it is tried again: longer each time, until it has encoded for somebody.</summary>
    internal TimeSpan NextQuarantine()
    {
        double factor = Math.Pow(2, Math.Min(_quarantines++, 16));
        return _firstQuarantine * factor < QuarantineMax ? _firstQuarantine * factor : QuarantineMax;
    }

    internal void Heal()
    {
        IsHealthy = true;
        _strikes = 0;
    }

    /// <summary>What costs the CPU so much costs a GPU's engines about the same with every codec that they know.</summary>
    private double WorkOf(VideoCodec codec, double cost) => IsSoftware ? cost : cost / EncodingCost.WeightOf(codec);
}
