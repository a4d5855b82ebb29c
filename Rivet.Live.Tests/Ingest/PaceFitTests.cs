using Rivet.Live.Core.Ingest;
using Xunit;

namespace Rivet.Live.Tests.Ingest;

/// <summary>What is told of a publisher's pace, and when. Networks that hold fragments up by up to 80 ms.</summary>
public sealed class PaceFitTests
{
    private readonly PaceFit _fit = new();
    private readonly Random _random = new(6);
    private double _at;
    private double _media;

    [Theory]
    [InlineData(1.0, 1200, null)]
    [InlineData(1.0001, 1200, null)]
    [InlineData(0.999, 300, 0.999)]
    [InlineData(1.001, 300, 1.001)]
    [InlineData(0.97, 12, 0.97)]
    [InlineData(1.25, 9, 1.25)]
    public void Pace_IsToldOnceItHasAddedUp(double pace, double seconds, double? told)
    {
        Send(seconds, pace);

        double? read = _fit.Read();
        Assert.Equal(told is null, read is null);
        Assert.InRange(read ?? 1, (told ?? 1) - 0.005, (told ?? 1) + 0.005);
        Assert.True(told is null || Math.Sign(read!.Value - 1) == Math.Sign(told.Value - 1));
    }

    /// <summary>An encoder that sends at once what it took while it started.</summary>
    [Fact]
    public void Burst_AtTheStart_IsNoPace()
    {
        for (int sent = 0; sent < 10; sent++)
        {
            _fit.Add(_at, _media += 0.2);
        }

        Send(60, 1);
        Assert.Null(_fit.Read());
    }

    /// <summary>Media that is late from then on, or that was left out.</summary>
    [Theory]
    [InlineData(1.5, 0)]
    [InlineData(0, 1.5)]
    public void Step_IsNoPace(double later, double leftOut)
    {
        Send(30, 1);
        (_at, _media) = (_at + later, _media + leftOut);
        for (int second = 0; second < 120; second++)
        {
            Send(1, 1);
            Assert.Null(_fit.Read());
        }
    }

    [Fact]
    public void Pace_OfBeforeAJump_IsForgotten()
    {
        Send(20, 1.2);
        Assert.NotNull(_fit.Read());
        _fit.Forget();
        Assert.Null(_fit.Read());
        Send(20, 1);

        Assert.Null(_fit.Read());
    }

    private void Send(double seconds, double pace)
    {
        for (double until = _at + seconds; _at < until;)
        {
            _at += 0.2;
            _media += 0.2 * pace;
            _fit.Add(_at + (_random.NextDouble() * 0.08), _media);
        }
    }
}
