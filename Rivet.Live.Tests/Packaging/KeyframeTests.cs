using Rivet.Live.Core.Broadcast;
using Rivet.Live.Core.Buffers;
using Rivet.Live.Core.Media;
using Rivet.Live.Core.Packaging;
using Rivet.Live.Tests.Support;
using Xunit;

namespace Rivet.Live.Tests.Packaging;

/// <summary>The first picture of a segment as a fragment of its own.</summary>
public sealed class KeyframeTests
{
    private readonly FragmentFactory _fragments = new();

    [Theory]
    [InlineData(0)]
    [InlineData(7200)]
    [InlineData(-3600)]
    public void FirstSample_OfASegment_IsAFragmentOfItsOwn(int compositionOffset)
    {
        using Fragment fragment = Samples(compositionOffset, isSync: true);
        using PayloadHold part = Write(fragment);
        Assert.True(Keyframe.TryFind(part.Memory.Span, out Keyframe keyframe));
        ReadOnlySpan<byte> bytes = part.Memory.Span.Slice(keyframe.Offset, (int)keyframe.Entry.Size);

        ReadOnlyMemory<byte> alone = keyframe.Write(bytes);

        Assert.True(keyframe.IsPicture);
        Assert.True(bytes.SequenceEqual(fragment.BytesOf(fragment.Samples[0])));
        Assert.True(Keyframe.TryFind(alone.Span, out Keyframe again));
        Assert.Equal((90000ul, keyframe.Entry), (again.DecodeTime, again.Entry));
        Assert.True(alone.Span[again.Offset..].SequenceEqual(bytes), "nothing but the picture follows");
        Assert.Equal(compositionOffset, again.Entry.CompositionOffset);
    }

    [Fact]
    public void FirstSample_ThatIsNoKeyframe_IsAGap()
    {
        using Fragment fragment = Samples(compositionOffset: 0, isSync: false);
        using PayloadHold part = Write(fragment);

        Assert.True(Keyframe.TryFind(part.Memory.Span, out Keyframe keyframe));

        Assert.False(keyframe.IsPicture);
        Assert.True(keyframe.Write([]).Span.SequenceEqual(GapSegment.Write(90000).Span));
    }

    [Fact]
    public void Gap_HasATimeAndNoPicture()
    {
        Assert.True(Keyframe.TryFind(GapSegment.Write(180000).Span, out Keyframe gap));
        Assert.True(Keyframe.TryFind(GapSegment.Write(-180000).Span, out Keyframe padding));

        Assert.Equal((180000ul, false), (gap.DecodeTime, gap.IsPicture));
        Assert.Equal((0ul, false), (padding.DecodeTime, padding.IsPicture));
    }

    [Fact]
    public void SegmentThatIsCutInsideItsMoof_HasNoKeyframe()
    {
        using Fragment fragment = Samples(compositionOffset: 0, isSync: true);
        using PayloadHold part = Write(fragment);

        for (int cut = 0; cut < 60; cut++)
        {
            Assert.False(Keyframe.TryFind(part.Memory.Span[..cut], out _));
        }
    }

    private static PayloadHold Write(Fragment fragment) =>
        PartWriter.Write(new PayloadPool(), 1, TrackKind.Video, [.. fragment.Samples.Select(sample => new PartSample(sample, fragment))]);

    private Fragment Samples(int compositionOffset, bool isSync) => _fragments.Of(
        FragmentFactory.Video,
        isDiscontinuity: false,
        new Sample(90000, compositionOffset, 3600, isSync, 0, 4),
        new Sample(93600, 0, 3600, false, 0, 4),
        new Sample(97200, 3600, 3600, false, 0, 4));
}
