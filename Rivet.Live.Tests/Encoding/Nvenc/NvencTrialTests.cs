using Rivet.Live.Core.Devices;
using Rivet.Live.Core.Encoding;
using Rivet.Live.Tests.Nvsim;
using Rivet.Live.Tests.Support;
using Xunit;

namespace Rivet.Live.Tests.Encoding.Nvenc;

/// <summary>What a card is tried with at start and after it failed: its output is decoded again, so that one that gives rubbish is not used.</summary>
public sealed class NvencTrialTests
{
    [Fact]
    public async Task CardThatGivesRubbish_EncodesNothingAndItIsSaidWhy()
    {
        using NvsimDriver simulated = await NvsimDriver.LoadAsync("t4");
        simulated.Machine.Control("op=lock do=corrupt");
        CodecAbilities abilities = Probe(simulated).Learn(NvsimDriver.Node());

        Assert.False(abilities.Any);
        Assert.Matches("decoded again", abilities.Why);
    }

    [Fact]
    public async Task CodecThatComesOutWrong_IsLeftOutAndNamed()
    {
        using NvsimDriver simulated = await NvsimDriver.LoadAsync();
        simulated.Machine.Control("codec=hevc op=lock do=corrupt");
        CodecAbilities abilities = Probe(simulated).Learn(NvsimDriver.Node());

        Assert.Equal("h264, av1, av1 10-bit", abilities.ToString());
        Assert.Equal(["nvenc-hevc", "nvenc-hevc 10-bit"], abilities.Wrong.Select(static wrong => wrong.Split(':')[0]));
        Assert.Empty(simulated.Machine.Events("violation"));
    }

    [Fact]
    public async Task CardThatFailed_ComesBackWhenItsOutputIsRightAgain()
    {
        using NvsimDriver simulated = await NvsimDriver.LoadAsync();
        DeviceProbe probe = Probe(simulated);
        HardwareBackend backend = new(
            TestCodecs.Shared.With(simulated.Driver), NvsimDriver.Node(), CodecAbilities.Of((VideoCodec.H264, 8)), CodecAbilities.None("it is not asked"), speed: null);
        EncoderDevice device = new(1, "gpu1", backend, slots: 1, capacity: null, EncoderDeadlines.Live, TimeSpan.FromSeconds(1));

        simulated.Machine.Control("op=lock nth=3 do=corrupt");
        Assert.Equal(EncoderFault.Wrong, probe.WhyNot(device));
        simulated.Machine.Control("");
        Assert.Null(probe.WhyNot(device));
    }

    private static DeviceProbe Probe(NvsimDriver simulated) => new(TestCodecs.Shared.With(simulated.Driver));
}
