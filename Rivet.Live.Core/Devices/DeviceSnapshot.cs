using Rivet.Live.Core.Media;

namespace Rivet.Live.Core.Devices;

/// <summary>One device at one moment.</summary>
/// <param name="Device">Its word.</param>
/// <param name="Vendor">Who made it.</param>
/// <param name="Name">For people, where known.</param>
/// <param name="Slots">Encoders that it can run at once, where known.</param>
/// <param name="CapacityPixelsPerSecond">What it is trusted with, where work bounds it and not slots.</param>
/// <param name="Waiting">Claims that it could serve and that are not decided.</param>
/// <param name="IsHealthy">False while it is quarantined.</param>
/// <param name="IsCordoned">An operator keeps it from new leases.</param>
/// <param name="Decoding">Decoders open on the device that decodes; null for all others.</param>
/// <param name="Leases">Who holds its encoders.</param>
internal sealed record DeviceSnapshot(
    string Device,
    string Vendor,
    string? Name,
    int? Slots,
    double? CapacityPixelsPerSecond,
    int Waiting,
    bool IsHealthy,
    bool IsCordoned,
    int? Decoding,
    IReadOnlyList<LeaseSnapshot> Leases);

/// <summary>One lease at one moment.</summary>
internal sealed record LeaseSnapshot(BroadcastId Broadcast, string Rendition, double PixelsPerSecond, TimeSpan Held);
