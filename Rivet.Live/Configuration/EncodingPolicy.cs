using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Rivet.Live.Configuration;

/// <summary><c>Encoding:Policy</c>: which devices may encode.</summary>
/// <param name="Device">The only device's number; null when the policy does not name one.</param>
/// <param name="Family">The only family; null when the policy does not name one.</param>
internal sealed record EncodingPolicy(int? Device, EncoderFamily? Family)
{
    /// <summary>What may be written, for error texts and the manual.</summary>
    public const string Grammar = "all, device:N (N from 0) or family:nvidia|intel|amd|software";

    private const string DevicePrefix = "device:";

    private const string FamilyPrefix = "family:";

    public static EncodingPolicy All { get; } = new(Device: null, Family: null);

    public static bool TryParse(string text, [NotNullWhen(true)] out EncodingPolicy? policy)
    {
        policy = null;
        if (text.Equals("all", StringComparison.OrdinalIgnoreCase))
        {
            policy = All;
        }
        else if (text.StartsWith(DevicePrefix, StringComparison.OrdinalIgnoreCase)
            && int.TryParse(text.AsSpan(DevicePrefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out int device))
        {
            policy = new EncodingPolicy(device, Family: null);
        }
        else if (text.StartsWith(FamilyPrefix, StringComparison.OrdinalIgnoreCase)
            && KebabWords<EncoderFamily>.TryParse(text[FamilyPrefix.Length..], out EncoderFamily family))
        {
            policy = new EncodingPolicy(Device: null, family);
        }

        return policy is not null;
    }

    public override string ToString() => (Device, Family) switch
    {
        (int device, _) => string.Create(CultureInfo.InvariantCulture, $"{DevicePrefix}{device}"),
        (_, EncoderFamily family) => FamilyPrefix + KebabWords<EncoderFamily>.Write(family),
        _ => "all",
    };
}
