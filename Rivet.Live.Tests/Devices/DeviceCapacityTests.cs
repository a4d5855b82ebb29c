using Rivet.Live.Core.Devices;
using Rivet.Live.Tests.Support;
using Xunit;

namespace Rivet.Live.Tests.Devices;

/// <summary>What a device is trusted with follows from what is measured and seen.</summary>
public sealed class DeviceCapacityTests
{
    private readonly ManualTime _time = new();

    [Theory]
    [InlineData(0.5, 1)]
    [InlineData(1, 1)]
    [InlineData(2, 0.5)]
    public void Seen_OverTime_BecomesWhatThePixelsTook(double busyThreadsPerProcessor, double speed)
    {
        DeviceCapacity capacity = new(processors: 4, guess: 5000, _time);
        for (int round = 0; round < 100; round++)
        {
            // Four processors of a thousand pixels a second each; more busy threads than processors slow each other down.
            double busy = 4 * busyThreadsPerProcessor * 2;
            _time.Advance(TimeSpan.FromSeconds(2));
            capacity.Saw(busy * 1000 * speed, busy);
        }

        Assert.Equal(4 * 1000 * 0.85, capacity.PixelsPerSecond, 0.01 * 4000);
    }

    [Fact]
    public void Measured_ReplacesTheGuess()
    {
        DeviceCapacity capacity = new(processors: 2, guess: 10, _time);
        capacity.Measured(100);

        Assert.Equal(170, capacity.PixelsPerSecond, 3);
    }

    [Fact]
    public void Calibration_OfThisMachine_FindsSomething() => Assert.True(CpuCalibration.Measure(TestCodecs.Shared, "ultrafast") > 0);
}
