using Rivet.Live.Core.Ladder;
using Rivet.Live.Core.Media;
using Xunit;

namespace Rivet.Live.Tests.Ladder;

public sealed class PictureTimingTests
{
    private const int Frame = 3000;

    [Fact]
    public void BPictures_FragmentEndsBetweenNeighbours_EveryPictureLastsOneFrame()
    {
        // Shown as 0 1 2 3 4 5 6 7 8, decoded as 0 3 1 2 6 4 | 5 8 7: number 5 comes a fragment later than its neighbours.
        long[] shown = [0, 3, 1, 2, 6, 4, 5, 8, 7];
        Sample[] samples = [.. shown.Select(static (picture, index) =>
            new Sample(index * Frame, (int)((picture - index) * Frame), Frame, index == 0, 0, 1))];

        (long Time, PictureTiming Timing)[] all = [.. PictureTiming.Of(samples.AsMemory(0, 6), default), .. PictureTiming.Of(samples.AsMemory(6), default)];

        Assert.All(all, static one => Assert.Equal(Frame, one.Timing.Duration));
        Assert.Equal(shown.Order().Select(static picture => picture * Frame), all.Select(static one => one.Time).Order());
    }

    [Fact]
    public void VariableFrameRate_NextPictureIsNear_LastsUntilThere()
    {
        Sample[] samples =
        [
            new(0, 0, Frame, true, 0, 1),
            new(Frame, -Frame / 2, Frame, false, 0, 1),
        ];

        Assert.Equal([Frame / 2, Frame], PictureTiming.Of(samples, default).Select(static one => one.Timing.Duration));
    }
}
