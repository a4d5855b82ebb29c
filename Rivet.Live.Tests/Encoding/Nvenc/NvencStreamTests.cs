using Rivet.Live.Core.Buffers;
using Rivet.Live.Core.Encoding;
using Rivet.Live.Core.Encoding.Nvenc;
using Rivet.Live.Tests.Nvsim;
using Rivet.Live.Tests.Support;
using Xunit;

namespace Rivet.Live.Tests.Encoding.Nvenc;

/// <summary>What decoders are told by the streams of NVIDIA's encoders, and what a long stream costs.</summary>
public sealed class NvencStreamTests
{
    private const int Width = 192;
    private const int Height = 108;

    private readonly PayloadPool _payloads = new();

    [Theory]
    [InlineData("H264", 8)]
    [InlineData("Hevc", 10)]
    [InlineData("Av1", 10)]
    public async Task ColourAndShape_AreToldToDecoders(string codec, int bitDepth)
    {
        PictureColor color = new(IsFullRange: false, Primaries: 9, Transfer: 16, Matrix: 9, ChromaLocation: 0);
        using NvsimDriver simulated = await NvsimDriver.LoadAsync();
        VideoEncoderSettings settings = Settings(Enum.Parse<VideoCodec>(codec)) with { BitDepth = bitDepth, Color = color, SampleAspectRatio = (4, 3) };
        using (NvencEncoder encoder = simulated.Driver.Open(settings, _payloads, "test"))
        {
            using EncodedSample sample = Encode(encoder, number: 0, bitDepth);
            using VideoDecoder decoder = TestCodecs.Shared.OpenDecoder(encoder.Track!, threads: 1, "test");
            decoder.Send(sample.Payload.Memory.Span, 0, 0, isSync: true);
            decoder.Drain();
            Assert.True(decoder.TryReceive(out Picture? picture));
            using (picture)
            {
                Assert.Equal((bitDepth, color), (picture.BitDepth, picture.Color with { ChromaLocation = 0 }));
                Assert.Equal(codec == "Av1" ? picture.SampleAspectRatio : (4, 3), picture.SampleAspectRatio);
            }
        }

        simulated.Machine.RequireNoViolation();
    }

    /// <summary>A card's samples may follow the CPU's of the same rendition: profile, depth and size are the same.</summary>
    [Theory]
    [InlineData("H264", 8)]
    [InlineData("Hevc", 8)]
    [InlineData("Hevc", 10)]
    [InlineData("Av1", 8)]
    public async Task Init_IsOfTheSameKindAsTheCpus(string codec, int bitDepth)
    {
        using NvsimDriver simulated = await NvsimDriver.LoadAsync();
        VideoEncoderSettings settings = Settings(Enum.Parse<VideoCodec>(codec)) with { BitDepth = bitDepth, Tuning = new EncoderTuning { Target = null } };
        using NvencEncoder encoder = simulated.Driver.Open(settings, _payloads, "test");
        Encode(encoder, number: 0, bitDepth).Dispose();
        using IVideoEncoder cpu = TestCodecs.Shared.OpenEncoder(settings.Tuning.Apply(settings with { Node = null }), _payloads, "test");
        Encode(cpu, number: 0, bitDepth).Dispose();

        string[] names = [.. encoder.Invariant!.DifferenceFrom(cpu.Invariant!).Split(", ", StringSplitOptions.RemoveEmptyEntries)];
        Assert.All(names, static name => Assert.True(name.StartsWith("level ", StringComparison.Ordinal) || name.StartsWith("tier ", StringComparison.Ordinal), name));
    }

    [Fact]
    public async Task LongStream_CostsTheSameForEachPictureAndLeavesNothing()
    {
        const int Run = 400;
        using NvsimDriver simulated = await NvsimDriver.LoadAsync();
        using (NvencEncoder encoder = simulated.Driver.Open(Settings(VideoCodec.H264), _payloads, "test"))
        {
            using Picture picture = TestCodecs.Shared.DrawPicture(Width, Height, presentationTime: 0);
            EncodeMany(encoder, picture, 0, Run);
            long first = Allocated(() => EncodeMany(encoder, picture, Run, Run));
            long second = Allocated(() => EncodeMany(encoder, picture, 2 * Run, Run));
            Assert.InRange(second, 0, first + (first / 10));
            Assert.Equal(0, _payloads.LentPayloads);
        }

        simulated.Machine.RequireNoViolation();
        Assert.Equal(3 * Run, Assert.Single(simulated.Machine.Events("close")).GetProperty("locked").GetInt32());
    }

    private static long Allocated(Action work)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        work();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    private static void EncodeMany(NvencEncoder encoder, Picture picture, int first, int count)
    {
        for (int number = first; number < first + count; number++)
        {
            using Picture one = new(picture.Frame.Share(), number);
            encoder.Send(one, forceKeyframe: number % 50 == 0);
            Assert.True(encoder.TryReceive(out EncodedSample? sample));
            sample.Dispose();
        }
    }

    private static EncodedSample Encode(IVideoEncoder encoder, int number, int bitDepth)
    {
        using Picture picture = TestCodecs.Shared.DrawPicture(Width, Height, number, bitDepth);
        encoder.Send(picture, forceKeyframe: true);
        encoder.Drain();
        Assert.True(encoder.TryReceive(out EncodedSample? sample));
        return sample;
    }

    private static VideoEncoderSettings Settings(VideoCodec codec) =>
        new EncoderTuning { Target = null, Tier = SpeedTier.Draft }.Apply(Synthetic.Settings(Width, Height) with { Codec = codec }).On(NvsimDriver.Node());
}
