using Rivet.Live.Core.Ingest;
using Rivet.Live.Core.Media;
using Xunit;

namespace Rivet.Live.Tests.Ingest;

/// <summary>Samples that begin before those in front of them end. A millisecond is a tick here.</summary>
public sealed class DecodeOrderTests
{
    [Fact]
    public void Samples_ThatFollow_AreLeftAlone()
    {
        Sample[] samples = [At(200, 40), At(240, 40)];

        Assert.Same(samples, DecodeOrder.Behind(200, samples, 1000));
    }

    [Fact]
    public void Samples_ThatOverlap_BeginAtTheEnd_AndAreSoonInTimeAgain() => Assert.Equal(
        [(200, 1), (201, 9), (210, 40), (250, 40)],
        Spans(DecodeOrder.Behind(200, [At(130, 40), At(170, 40), At(210, 40), At(250, 40)], 1000)));

    [Fact]
    public void Samples_WithoutADuration_AreAMillisecondApart() => Assert.Equal(
        [(9000, 90), (9090, 90), (9180, 3420), (12600, 3600)],
        Spans(DecodeOrder.Behind(9000, [At(9000, 0), At(9000, 0), At(9000, 3600), At(12600, 3600)], 90_000)));

    [Fact]
    public void Pictures_ThatAreReordered_AreShownWhenTheyWereAndInTheSameOrder()
    {
        // I P b b, decoded 40 ms apart and 60 ms early.
        Sample[] moved = DecodeOrder.Behind(160, [At(100, 40, 40), At(140, 40, 120), At(180, 40, 0), At(220, 40, 0)], 1000);

        Assert.Equal([(160, 1), (161, 19), (180, 40), (220, 40)], Spans(moved));
        Assert.Equal([160L, 260, 180, 220], moved.Select(static sample => sample.PresentationTime));
    }

    [Fact]
    public void Offsets_AtTheEndOfTheirRange_StayInIt() => Assert.All(
        DecodeOrder.Behind(5, [At(0, int.MaxValue, int.MinValue), At(int.MaxValue, 1, int.MaxValue)], 1000),
        static sample => Assert.InRange(sample.PresentationTime, 5, 2 * (long)int.MaxValue + 5));

    private static Sample At(long time, int duration, int offset = 0) => new(time, offset, duration, IsSync: false, Offset: 0, Bytes: 1);

    private static IEnumerable<(int Start, int Duration)> Spans(Sample[] samples) => samples.Select(static sample => ((int)sample.DecodeTime, sample.Duration));
}
