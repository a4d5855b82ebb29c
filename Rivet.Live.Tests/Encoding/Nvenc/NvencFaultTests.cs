using Rivet.Live.Core.Buffers;
using Rivet.Live.Core.Encoding;
using Rivet.Live.Core.Encoding.Nvenc;
using Rivet.Live.Tests.Nvsim;
using Rivet.Live.Tests.Support;
using Xunit;

namespace Rivet.Live.Tests.Encoding.Nvenc;

/// <summary>What the simulated driver is made to answer, what the encoder makes of it, and that it gives everything back whatever happens.</summary>
public sealed class NvencFaultTests : IDisposable
{
    private const int Width = 320;
    private const int Height = 180;

    private readonly PayloadPool _payloads = new();

    public void Dispose() => Assert.Equal(0, _payloads.LentPayloads);

    [Theory]
    [InlineData("op=open do=err:OUT_OF_MEMORY", "Full", "nvEncOpenEncodeSessionEx failed with 10 (OUT_OF_MEMORY)")]
    [InlineData("op=open do=err:INCOMPATIBLE_CLIENT_KEY", "Full", "nvEncOpenEncodeSessionEx failed with 21 (INCOMPATIBLE_CLIENT_KEY)")]
    [InlineData("op=open do=err:NO_ENCODE_DEVICE", "Refused", "nvEncOpenEncodeSessionEx failed with 1 (NO_ENCODE_DEVICE)")]
    [InlineData("op=open do=err:UNSUPPORTED_DEVICE", "Refused", "nvEncOpenEncodeSessionEx failed with 2 (UNSUPPORTED_DEVICE)")]
    [InlineData("op=open do=err:INVALID_VERSION", "Refused", "nvEncOpenEncodeSessionEx failed with 15 (INVALID_VERSION)")]
    [InlineData("op=open do=err:GENERIC", "Failed", "nvEncOpenEncodeSessionEx failed with 20 (GENERIC)")]
    [InlineData("op=context do=err:2", "Full", "cuDevicePrimaryCtxRetain failed with CUDA error 2")]
    [InlineData("op=context do=err:999", "Lost", "cuDevicePrimaryCtxRetain failed with CUDA error 999")]
    [InlineData("op=cuinit do=err:100", "Lost", "cuInit failed with CUDA error 100")]
    [InlineData("op=init do=err:INVALID_PARAM", "Refused", "nvEncInitializeEncoder failed with 8 (INVALID_PARAM)")]
    [InlineData("op=init do=err:UNSUPPORTED_PARAM", "Refused", "nvEncInitializeEncoder failed with 12 (UNSUPPORTED_PARAM)")]
    [InlineData("op=buffer nth=6 do=err:OUT_OF_MEMORY", "Full", "failed with 10 (OUT_OF_MEMORY)")]
    [InlineData("do=lost", "Lost", "failed with CUDA error 999")]
    public async Task Opening_ThatFails_SaysWhyAndLeavesNothingBehind(string rule, string fault, string message)
    {
        using NvsimDriver simulated = await NvsimDriver.LoadAsync();
        simulated.Machine.Control(rule);
        CodecException failed = Assert.Throws<CodecException>(() => Open(simulated));

        Assert.Equal(fault, failed.Fault.ToString());
        Assert.Contains(message, failed.Message, StringComparison.Ordinal);
        Assert.Empty(simulated.Machine.Events("violation"));
        Assert.Equal(simulated.Machine.Events("open").Count, simulated.Machine.Events("close").Count);

        simulated.Machine.Control("");
        using NvencEncoder encoder = Open(simulated);
        Assert.Equal(4, Encode(encoder, 4));
    }

    [Theory]
    [InlineData("op=encode nth=3 do=err:GENERIC", "Failed", "nvEncEncodePicture failed with 20 (GENERIC)")]
    [InlineData("op=encode nth=3 do=err:OUT_OF_MEMORY", "Failed", "nvEncEncodePicture failed with 10 (OUT_OF_MEMORY)")]
    [InlineData("op=encode nth=3 do=err:INVALID_PARAM", "Refused", "nvEncEncodePicture failed with 8 (INVALID_PARAM)")]
    [InlineData("op=encode nth=3 do=err:DEVICE_NOT_EXIST", "Lost", "nvEncEncodePicture failed with 5 (DEVICE_NOT_EXIST)")]
    [InlineData("op=encode after=2 do=err:ENCODER_BUSY", "Busy", "nvEncEncodePicture failed with 18 (ENCODER_BUSY)")]
    [InlineData("op=lock nth=3 do=err:GENERIC", "Failed", "nvEncLockBitstream failed with 20 (GENERIC)")]
    [InlineData("op=lock after=2 do=err:LOCK_BUSY", "Hung", "nvEncLockBitstream answered with 13 (LOCK_BUSY) for 1 s")]
    [InlineData("op=lock nth=3 do=hang", "Hung", "nvEncLockBitstream answered with 13 (LOCK_BUSY) for 1 s")]
    [InlineData("op=lock nth=3 do=empty", "Failed", "gave 0 bytes")]
    [InlineData("op=encode nth=3 do=lost", "Lost", "")]
    public async Task Encoding_ThatFails_SaysWhyAndLeavesNothingBehind(string rule, string fault, string message)
    {
        using NvsimDriver simulated = await NvsimDriver.LoadAsync();
        using (NvencEncoder encoder = Open(simulated))
        {
            simulated.Machine.Control(rule);
            CodecException failed = Assert.Throws<CodecException>(() => Encode(encoder, 8));
            Assert.Equal(fault, failed.Fault.ToString());
            Assert.Contains(message, failed.Message, StringComparison.Ordinal);
        }

        Assert.Empty(simulated.Machine.Events("violation"));
        simulated.Machine.Control("");
        using NvencEncoder next = Open(simulated);
        Assert.Equal(4, Encode(next, 4));
    }

    [Theory]
    [InlineData("op=encode nth=3 do=err:ENCODER_BUSY")]
    [InlineData("op=lock nth=3 do=err:LOCK_BUSY")]
    [InlineData("op=lock every=2 do=delay:20")]
    public async Task Busy_ForAMoment_IsWaitedFor(string rule)
    {
        using NvsimDriver simulated = await NvsimDriver.LoadAsync();
        using NvencEncoder encoder = Open(simulated);
        simulated.Machine.Control(rule);
        Assert.Equal(8, Encode(encoder, 8));
        Assert.Empty(simulated.Machine.Events("violation"));
    }

    [Fact]
    public async Task Version_ThatTheDriverRefuses_GivesWayToTheNextOlder()
    {
        using NvsimDriver simulated = await NvsimDriver.LoadAsync();
        simulated.Machine.Control("op=open count=2 do=err:INVALID_VERSION");
        Open(simulated).Dispose();
        using NvencEncoder second = Open(simulated);

        Assert.Equal(4, Encode(second, 4));
        Assert.Equal("12.1", simulated.Machine.Events("open")[^1].GetProperty("api").GetString());
        Assert.Equal("12.1", simulated.Driver.Report(NvsimDriver.Node()).Used);
        Assert.Empty(simulated.Machine.Events("violation"));
    }

    [Fact]
    public async Task Sessions_BeyondTheDriversCap_FindTheDeviceFull()
    {
        using NvsimDriver simulated = await NvsimDriver.LoadAsync("rtx4090", ("NVSIM_SYS_SESSIONS", "2"));
        using NvencEncoder first = Open(simulated);
        NvencEncoder second = Open(simulated);
        Assert.Equal(EncoderFault.Full, Assert.Throws<CodecException>(() => Open(simulated)).Fault);

        second.Dispose();
        using NvencEncoder third = Open(simulated);
        Assert.Equal(4, Encode(third, 4));
        Assert.Equal(4, Encode(first, 4));
    }

    [Fact]
    public async Task Device_ThatWasLost_WorksAgainOnceItIsBack()
    {
        using NvsimDriver simulated = await NvsimDriver.LoadAsync("l4*2");
        using NvencEncoder lost = Open(simulated);
        using NvencEncoder other = Open(simulated, ordinal: 1);
        simulated.Machine.Control("gpu=0 do=lost");
        Assert.Equal(EncoderFault.Lost, Assert.Throws<CodecException>(() => Encode(lost, 1)).Fault);
        Assert.Equal(EncoderFault.Lost, Assert.Throws<CodecException>(() => Open(simulated)).Fault);
        Assert.Equal(4, Encode(other, 4));

        lost.Dispose();
        simulated.Machine.Control("");
        using NvencEncoder again = Open(simulated);
        Assert.Equal(4, Encode(again, 4));
        Assert.Empty(simulated.Machine.Events("violation"));
    }

    [Fact]
    public void Libraries_ThatAreNotThere_AreNamed()
    {
        NvencDriver driver = new();
        CodecException missing = Assert.Throws<CodecException>(() => driver.Report(NvsimDriver.Node()));

        Assert.Equal(EncoderFault.Refused, missing.Fault);
        Assert.Contains("libcuda.so.1", missing.Message, StringComparison.Ordinal);
        Assert.Contains("Install the driver", missing.Message, StringComparison.Ordinal);
    }

    private NvencEncoder Open(NvsimDriver simulated, int ordinal = 0) => simulated.Driver.Open(
        new EncoderTuning { Target = null }.Apply(Synthetic.Settings(Width, Height)).On(NvsimDriver.Node(ordinal)), _payloads, "test");

    /// <returns>Samples that came out.</returns>
    private static int Encode(NvencEncoder encoder, int pictures)
    {
        int samples = 0;
        for (int number = 0; number < pictures; number++)
        {
            using Picture picture = TestCodecs.Shared.DrawPicture(Width, Height, number);
            encoder.Send(picture, forceKeyframe: false);
            while (encoder.TryReceive(out EncodedSample? sample))
            {
                sample.Dispose();
                samples++;
            }
        }

        return samples;
    }
}
