using Rivet.Live.Core.Broadcast;
using Rivet.Live.Core.Buffers;
using Rivet.Live.Core.Media;
using Rivet.Live.Core.Packaging;
using Rivet.Live.Tests.Demuxing;

namespace Rivet.Live.Tests.Support;

/// <summary>What a publisher of pictures that cannot be decoded sends: enough for everything but the ladder.</summary>
internal static class SyntheticBody
{
    /// <summary>An init and these parts of 25 pictures a second, each beginning with a keyframe.</summary>
    public static byte[] Of(params (long Milliseconds, int Samples)[] parts) =>
        [.. SyntheticStream.Init(), .. parts.SelectMany(static part => Part(part.Milliseconds, part.Samples))];

    /// <summary>A moof and mdat of so many 40 ms samples.</summary>
    public static byte[] Part(long milliseconds, int samples)
    {
        FragmentFactory fragments = new();
        using Fragment fragment = fragments.Of(
            SyntheticStream.Video,
            isDiscontinuity: false,
            [.. Enumerable.Range(0, samples).Select(number => new Sample(milliseconds + (number * 40), 0, 40, number == 0, 0, 4))]);
        using PayloadHold part = PartWriter.Write(
            fragments.Pool, 1, TrackKind.Video, [.. fragment.Samples.Select(sample => new PartSample(sample, fragment))]);
        return part.Memory.ToArray();
    }

    /// <summary>The same so many 40 ms samples, a keyframe each second, however they are cut: a moof and mdat each.</summary>
    /// <param name="samples">In all.</param>
    /// <param name="perPart">Samples in a part.</param>
    public static IReadOnlyList<byte[]> Cut(int samples, int perPart)
    {
        FragmentFactory fragments = new();
        using Fragment whole = fragments.Of(
            SyntheticStream.Video,
            isDiscontinuity: false,
            [.. Enumerable.Range(0, samples).Select(static number => new Sample(number * 40, 0, 40, number % 25 == 0, 0, 4))]);
        List<byte[]> parts = [];
        foreach (Sample[] chunk in whole.Samples.Chunk(perPart))
        {
            using PayloadHold part = PartWriter.Write(
                fragments.Pool, (uint)parts.Count + 1, TrackKind.Video, [.. chunk.Select(sample => new PartSample(sample, whole))]);
            parts.Add(part.Memory.ToArray());
        }

        return parts;
    }
}
