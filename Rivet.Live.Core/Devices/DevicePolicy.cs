namespace Rivet.Live.Core.Devices;

/// <summary>Which devices may encode.</summary>
/// <param name="Index">The only one; null where the policy does not name one.</param>
/// <param name="Vendor">The only vendor; null where the policy does not name one.</param>
internal sealed record DevicePolicy(int? Index, string? Vendor)
{
    public static DevicePolicy All { get; } = new(Index: null, Vendor: null);

    public bool Allows(EncoderDevice device) => (Index is null || Index == device.Index) && (Vendor is null || Vendor == device.Vendor);
}
