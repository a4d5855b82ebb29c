using Rivet.Live.Core.Devices;
using Rivet.Live.Core.Encoding;
using Rivet.Live.Core.Media;

namespace Rivet.Live.Core.Isolation;

/// <summary>An <see cref="EncoderNeed"/> with devices as their numbers, which both sides count alike.</summary>
internal sealed record LeaseNeed(string Rendition, VideoCodec Codec, int BitDepth, double PixelsPerSecond, IReadOnlyList<int> Retired, int? Avoided, bool MayFallBack)
{
    public static LeaseNeed Of(EncoderNeed need) => new(
        need.Rendition, need.Codec, need.BitDepth, need.PixelsPerSecond, [.. need.Retired.Select(static device => device.Index)], need.Avoided?.Index, need.MayFallBack);

    /// <summary>The same need of devices at hand.</summary>
    /// <exception cref="InvalidDataException">There is no device of such a number.</exception>
    public EncoderNeed On(IReadOnlyList<EncoderDevice> devices, BroadcastId broadcast) => new(broadcast, Rendition, Codec, BitDepth, PixelsPerSecond)
    {
        Retired = [.. Retired.Select(number => DeviceOf(devices, number))],
        Avoided = Avoided is { } avoided ? DeviceOf(devices, avoided) : null,
        MayFallBack = MayFallBack,
    };

    /// <exception cref="InvalidDataException">There is no device of such a number.</exception>
    public static EncoderDevice DeviceOf(IReadOnlyList<EncoderDevice> devices, int number) => number >= 0 && number < devices.Count
        ? devices[number]
        : throw new InvalidDataException($"Saw device {number}; there are devices 0 to {devices.Count - 1}.");
}
