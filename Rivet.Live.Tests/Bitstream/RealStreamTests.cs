using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Rivet.Live.Core.Bitstream;
using Rivet.Live.Tests.Support;
using Xunit;

namespace Rivet.Live.Tests.Bitstream;

/// <summary>Parameter sets as encoders really write them, read by us and by ffprobe.</summary>
public sealed class RealStreamTests
{
    /// <summary>Sizes that no block fits, colour or none, one layer or several.</summary>
    public static TheoryData<string> AvcStreams => new()
    {
        "-s 322x182 -pix_fmt yuv420p",
        "-s 320x180 -pix_fmt yuv420p10le -color_trc smpte2084",
        "-s 320x180 -pix_fmt yuv422p -flags +ildct+ilme",
        "-s 322x182 -pix_fmt yuv444p -x264-params cqm=jvt",
        "-s 320x180 -pix_fmt yuv420p -color_trc arib-std-b67 -aspect 4:3 -chroma_sample_location topleft",
    };

    public static TheoryData<string> HevcStreams => new()
    {
        "-s 322x182 -pix_fmt yuv420p",
        "-s 320x180 -pix_fmt yuv420p10le -color_primaries bt2020 -color_trc smpte2084 -colorspace bt2020nc",
        "-s 322x182 -pix_fmt yuv422p10le -x265-params temporal-layers=1:bframes=4:b-pyramid=1",
        "-s 322x182 -pix_fmt yuv444p -x265-params scaling-list=default:ref=5",
        "-s 320x180 -pix_fmt yuv420p12le -color_trc arib-std-b67 -aspect 4:3",
        "-s 1920x1080 -pix_fmt yuv420p -x265-params high-tier=1:level-idc=51",
    };

    public static TheoryData<string> Av1Streams => new()
    {
        "-s 322x182 -pix_fmt yuv420p",
        "-s 320x180 -pix_fmt yuv420p10le -color_primaries bt2020 -color_trc smpte2084 -colorspace bt2020nc",
        "-s 1920x1080 -pix_fmt yuv420p -svtav1-params pred-struct=1 -color_range pc -color_trc arib-std-b67",
    };

    [Theory]
    [MemberData(nameof(AvcStreams))]
    public async Task Sps_OfLibx264_SaysWhatFfprobeReads(string encoding)
    {
        (byte[] stream, Probed probed) = await EncodeAsync("libx264", "h264", encoding);

        Assert.True(NalUnits.TryFind(stream, AvcUnits.IsSps, out ReadOnlySpan<byte> unit));
        Assert.Equal(OperationStatus.Done, AvcSps.TryRead(unit, out AvcSps sps));
        Assert.Equal(
            (probed.Width, probed.Height, probed.Level, probed.Depth, probed.Chroma, probed.Transfer),
            (sps.Width, sps.Height, sps.Level, sps.BitDepth, sps.ChromaFormat, sps.Transfer));
    }

    [Theory]
    [MemberData(nameof(HevcStreams))]
    public async Task Sps_OfLibx265_SaysWhatFfprobeReads(string encoding)
    {
        (byte[] stream, Probed probed) = await EncodeAsync("libx265", "hevc", encoding);

        Assert.True(NalUnits.TryFind(stream, HevcUnits.IsSps, out ReadOnlySpan<byte> unit));
        Assert.Equal(OperationStatus.Done, HevcSps.TryRead(unit, out HevcSps sps));
        Assert.Equal(
            (probed.Width, probed.Height, probed.Level, probed.Depth, probed.Depth, probed.Chroma, probed.Transfer),
            (sps.Width, sps.Height, sps.Level, sps.BitDepth, sps.ChromaBitDepth, sps.ChromaFormat, sps.Transfer));
        Assert.Equal(encoding.Contains("high-tier", StringComparison.Ordinal), sps.IsHighTier);
        for (int cut = 0; cut < 16; cut++)
        {
            Assert.Equal(OperationStatus.NeedMoreData, HevcSps.TryRead(unit[..cut], out _));
        }
    }

    [Theory]
    [MemberData(nameof(Av1Streams))]
    public async Task SequenceHeader_OfLibsvtav1_SaysWhatFfprobeReads(string encoding)
    {
        (byte[] stream, Probed probed) = await EncodeAsync("libsvtav1", "obu", encoding);

        Assert.True(Obus.TryFindSequenceHeader(stream, out ReadOnlySpan<byte> obu, out ReadOnlySpan<byte> payload));
        Assert.Equal(OperationStatus.Done, Av1SequenceHeader.TryRead(payload, out Av1SequenceHeader header));
        Av1Color color = header.Color;
        Assert.Equal(
            (probed.Width, probed.Height, probed.Level, probed.Depth, probed.Chroma, probed.Transfer),
            (header.Width, header.Height, header.Level, color.BitDepth, color.SubsamplingX + color.SubsamplingY == 2 ? 1 : 3, color.Transfer));
        Assert.Equal(encoding.Contains("pc", StringComparison.Ordinal), color.IsFullRange);
        Assert.True(payload.Length < obu.Length);
        for (int cut = 0; cut < payload.Length - 1; cut++)
        {
            Assert.Equal(OperationStatus.NeedMoreData, Av1SequenceHeader.TryRead(payload[..cut], out _));
        }
    }

    [Theory]
    [MemberData(nameof(Av1Streams))]
    public async Task Sample_OfLibsvtav1_HasNoTemporalDelimiters(string encoding)
    {
        (byte[] stream, _) = await EncodeAsync("libsvtav1", "obu", encoding);
        const int Delimiter = 2;
        const int Delimiters = 6;

        byte[] sample = new byte[Obus.MeasureSample(stream)];
        Obus.WriteSample(stream, sample);

        Assert.Equal(Delimiters, TypesOf(stream).Count(static type => type == Delimiter));
        Assert.Equal(TypesOf(stream).Where(static type => type != Delimiter), TypesOf(sample));
        Assert.Equal(stream.Length - (2 * Delimiters), sample.Length);
    }

    private static List<int> TypesOf(ReadOnlySpan<byte> stream)
    {
        List<int> types = [];
        while (Obus.TryTake(ref stream, out int type, out _, out _))
        {
            types.Add(type);
        }

        Assert.True(stream.IsEmpty);
        return types;
    }

    private static async Task<(byte[] Stream, Probed Probed)> EncodeAsync(string encoder, string format, string encoding)
    {
        using TemporaryFolder folder = new();
        string path = folder.PathOf($"stream.{format}");
        await ToolRun.RequireAsync(
            "ffmpeg", ["-v", "error", "-f", "lavfi", "-i", "testsrc2=rate=30", "-frames:v", "6", "-c:v", encoder, .. encoding.Split(' '), "-f", format, path]);
        ToolRun run = await ToolRun.RequireAsync("ffprobe", "-v", "error", "-show_streams", "-of", "json", path);
        using JsonDocument document = JsonDocument.Parse(run.Output);
        return (await File.ReadAllBytesAsync(path), Probed.Of(document.RootElement.GetProperty("streams")[0]));
    }

    private sealed record Probed(int Width, int Height, int Level, int Depth, int Chroma, int Transfer)
    {
        public static Probed Of(JsonElement stream)
        {
            string format = stream.GetProperty("pix_fmt").GetString()!;
            string? transfer = stream.TryGetProperty("color_transfer", out JsonElement named) ? named.GetString() : null;
            return new Probed(
                stream.GetProperty("width").GetInt32(),
                stream.GetProperty("height").GetInt32(),
                stream.GetProperty("level").GetInt32(),
                format.Contains("10le", StringComparison.Ordinal) ? 10 : format.Contains("12le", StringComparison.Ordinal) ? 12 : 8,
                format.Contains("420", StringComparison.Ordinal) ? 1 : format.Contains("422", StringComparison.Ordinal) ? 2 : 3,
                transfer switch
                {
                    null => 2,
                    "smpte2084" => 16,
                    "arib-std-b67" => 18,
                    _ => throw new InvalidDataException(string.Create(CultureInfo.InvariantCulture, $"ffprobe says {transfer}.")),
                });
        }
    }
}
