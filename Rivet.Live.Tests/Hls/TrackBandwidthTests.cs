using Rivet.Live.Core.Buffers;
using Rivet.Live.Core.Hls;
using Rivet.Live.Core.Media;
using Rivet.Live.Core.Packaging;
using Xunit;

namespace Rivet.Live.Tests.Hls;

/// <summary>BANDWIDTH says at once what holds later.</summary>
public sealed class TrackBandwidthTests
{
    private readonly PayloadPool _pool = new();

    [Fact]
    public void Peak_OfATrackThatIsCapped_IsTheCapFromTheFirstPartOn()
    {
        TrackBandwidth bandwidth = new(2, cappedBps: 400_000);

        Assert.Equal(400_000, bandwidth.Read(Segment(1000)).Peak);
        bandwidth.Add(Segment(1000, 1000, 1000, 1000));

        Assert.Equal((400_000, 16_000), bandwidth.Read(growing: null));
    }

    [Fact]
    public void Peak_OfASegmentBeyondTheCap_IsWhatWasSent()
    {
        TrackBandwidth bandwidth = new(2, cappedBps: 10_000);

        bandwidth.Add(Segment(1000, 1000, 1000, 1000));

        Assert.Equal(16_000, bandwidth.Read(growing: null).Peak);
    }

    [Fact]
    public void Peak_OfAPublishersTrack_NeverFallsAndLeavesRoom()
    {
        TrackBandwidth bandwidth = new(2, cappedBps: null);
        bandwidth.Add(Segment(2000, 2000, 2000, 2000));
        bandwidth.Add(Segment(1000, 1000, 1000, 1000));

        Assert.Equal((38_400, 24_000), bandwidth.Read(growing: null));
    }

    /// <summary>The first picture is the largest: what follows it says how the segment goes on.</summary>
    [Fact]
    public void Peak_OfTheFirstSegment_IsNotThatOfItsKeyframe()
    {
        TrackBandwidth bandwidth = new(2, cappedBps: null);

        (long peak, _) = bandwidth.Read(Segment(8000, 1000));

        Assert.Equal((long)Math.Ceiling(1.2 * (8000 + 3000) * 8 / 2), peak);
    }

    [Fact]
    public void ShortSegment_BeforeADiscontinuity_IsNoPeak()
    {
        TrackBandwidth bandwidth = new(2, cappedBps: null);
        bandwidth.Add(Segment(1000, 1000, 1000, 1000));

        bandwidth.Add(Segment(9000));

        Assert.Equal(19_200, bandwidth.Read(growing: null).Peak);
    }

    /// <summary>A complete segment of half-second parts with so many bytes each.</summary>
    private SegmentView Segment(params int[] partBytes)
    {
        SegmentHead head = new(0, new MediaTime(0, 90000), DateTimeOffset.UnixEpoch, 0, IsDiscontinuity: false);
        return partBytes.Select((bytes, index) => new Part(index, 0, index, head.Start, 45000, 12, index == 0, _pool.Copy(new byte[bytes])))
            .Aggregate(new SegmentView(head, [], IsComplete: true, GapSeconds: null), static (segment, part) => segment.With(part));
    }
}
