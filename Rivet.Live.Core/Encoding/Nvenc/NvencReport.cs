using Rivet.Live.Core.Native.Nvenc;

namespace Rivet.Live.Core.Encoding.Nvenc;

/// <summary>What NVENC says of a device.</summary>
/// <param name="Driver">The newest API version that the driver knows.</param>
/// <param name="Used">The one that is used.</param>
/// <param name="Engines">How many encoders it has; null where this version has no word for it.</param>
/// <param name="Codecs">What it encodes.</param>
internal sealed record NvencReport(string Driver, string Used, int? Engines, IReadOnlyList<NvencLimits> Codecs)
{
    /// <exception cref="NvencException">The driver does not say.</exception>
    public static NvencReport Of(NvencSession session, NvencVersion driver)
    {
        NvencLimits[] codecs = [.. Enum.GetValues<VideoCodec>().Select(codec => NvencLimits.Of(session, codec))];
        NvencLimits? first = codecs.FirstOrDefault(static codec => codec.IsThere);
        return new NvencReport(
            $"{driver}", $"{session.Layout.Version}", first is null ? null : session.Capability(NvencIds.CodecOf(first.Codec), NvencIds.Engines), codecs);
    }

    /// <summary>For people.</summary>
    public override string ToString() =>
        $"driver's API {Driver}, used {Used}, {(Engines is { } engines ? $"engines {engines}, " : "")}{string.Join(", ", Codecs)}";
}
