using System.Globalization;
using Rivet.Live.Core.Native.Nvenc;
using Xunit;

namespace Rivet.Live.Tests.Native.Nvenc;

/// <summary>What NVENC's structs were measured to be, beside the table that the encoder is driven by.</summary>
public class NvencLayoutTests
{
    private static readonly string[] Versions = ["11.1", "12.0", "12.1", "12.2", "13.0"];

    /// <summary>Sizes and version words; AV1's structs came with 12.0.</summary>
    public static TheoryData<string, int[], uint[]> Measured => new()
    {
        { "NV_ENCODE_API_FUNCTION_LIST", Same(2552), [0x7102000b, 0x7002000c, 0x7102000c, 0x7202000c, 0x7002000d] },
        { "NV_ENC_OPEN_ENCODE_SESSION_EX_PARAMS", Same(1552), [0x7101000b, 0x7001000c, 0x7101000c, 0x7201000c, 0x7001000d] },
        { "NV_ENC_CAPS_PARAM", Same(256), [0x7101000b, 0x7001000c, 0x7101000c, 0x7201000c, 0x7001000d] },
        { "NV_ENC_PRESET_CONFIG", Same(5128), [0xf104000b, 0xf004000c, 0xf104000c, 0xf205000c, 0xf005000d] },
        { "NV_ENC_CONFIG", Same(3584), [0xf107000b, 0xf008000c, 0xf108000c, 0xf209000c, 0xf009000d] },
        { "NV_ENC_RC_PARAMS", Same(128), [0x7101000b, 0x7001000c, 0x7101000c, 0x7201000c, 0x7001000d] },
        { "NV_ENC_INITIALIZE_PARAMS", [1808, 1808, 1808, 1800, 1800], [0xf105000b, 0xf005000c, 0xf106000c, 0xf207000c, 0xf007000d] },
        { "NV_ENC_RECONFIGURE_PARAMS", [1824, 1824, 1824, 1816, 1816], [0xf101000b, 0xf001000c, 0xf101000c, 0xf202000c, 0xf002000d] },
        { "NV_ENC_CREATE_INPUT_BUFFER", Same(776), [0x7101000b, 0x7001000c, 0x7101000c, 0x7202000c, 0x7002000d] },
        { "NV_ENC_CREATE_BITSTREAM_BUFFER", Same(776), [0x7101000b, 0x7001000c, 0x7101000c, 0x7201000c, 0x7001000d] },
        { "NV_ENC_LOCK_INPUT_BUFFER", Same(1544), [0x7101000b, 0x7001000c, 0x7101000c, 0x7201000c, 0x7001000d] },
        { "NV_ENC_PIC_PARAMS", [3344, 3360, 3360, 3360, 3360], [0xf104000b, 0xf006000c, 0xf106000c, 0xf207000c, 0xf007000d] },
        { "NV_ENC_LOCK_BITSTREAM", [1544, 1544, 1552, 1544, 1544], [0x7101000b, 0x7002000c, 0xf101000c, 0xf202000c, 0xf002000d] },
        { "NV_ENC_CONFIG_H264", Same(1792), Same(0u) },
        { "NV_ENC_CONFIG_HEVC", Same(1560), Same(0u) },
        { "NV_ENC_CONFIG_AV1", [0, 1552, 1552, 1552, 1552], Same(0u) },
        { "NV_ENC_CONFIG_H264_VUI_PARAMETERS", Same(112), Same(0u) },
        { "NV_ENC_PIC_PARAMS_H264", Same(1536), Same(0u) },
        { "NV_ENC_PIC_PARAMS_HEVC", Same(1536), Same(0u) },
    };

    [Fact]
    public void Versions_AreAllThereTheNewestFirst() =>
        Assert.Equal(Versions.Reverse(), NvencLayout.All.Select(static layout => layout.Version.ToString()));

    [Theory]
    [MemberData(nameof(Measured))]
    public void Struct_HasItsSizeAndVersionWordInEveryVersion(string name, int[] sizes, uint[] words)
    {
        for (int i = 0; i < Versions.Length; i++)
        {
            NvencLayout layout = LayoutOf(Versions[i]);
            Assert.Equal(sizes[i] > 0, layout.Has(name));
            if (sizes[i] > 0)
            {
                Assert.Equal((Versions[i], sizes[i], words[i]), (Versions[i], layout[name].Size, layout[name].VersionWord));
            }
        }
    }

    [Fact]
    public void Structs_AreAllMeasured() => Assert.Equal(
        Measured.Select(static row => (string)row[0]).Order(), LayoutOf("13.0").Structs.Select(static layout => layout.Name).Order());

    /// <summary>What moves, appears or goes between versions; text as in the table.</summary>
    [Theory]
    [InlineData("NV_ENC_PIC_PARAMS", "codecPicParams", "80/1536", "80/1552", "80/1552", "80/1544", "80/1544")]
    [InlineData("NV_ENC_INITIALIZE_PARAMS", "splitEncodeMode", "-", "-", "68:5/4", "68:5/4", "68:5/4")]
    [InlineData("NV_ENC_CONFIG_HEVC", "pixelBitDepthMinus8", "16:11/3", "16:11/3", "16:11/3", "-", "-")]
    [InlineData("NV_ENC_CONFIG_HEVC", "outputBitDepth", "-", "-", "-", "200/4", "200/4")]
    [InlineData("NV_ENC_CONFIG_HEVC", "inputBitDepth", "-", "-", "-", "204/4", "204/4")]
    [InlineData("NV_ENC_CONFIG_H264", "outputBitDepth", "-", "-", "-", "212/4", "212/4")]
    [InlineData("NV_ENC_CONFIG_AV1", "pixelBitDepthMinus8", "-", "16:15/3", "16:15/3", "-", "-")]
    [InlineData("NV_ENC_CONFIG_AV1", "inputPixelBitDepthMinus8", "-", "16:12/3", "16:12/3", "-", "-")]
    [InlineData("NV_ENC_CONFIG_AV1", "outputBitDepth", "-", "-", "-", "112/4", "112/4")]
    [InlineData("NV_ENC_CONFIG_AV1", "repeatSeqHdr", "-", "16:5/1", "16:5/1", "16:5/1", "16:5/1")]
    [InlineData("NV_ENC_RECONFIGURE_PARAMS", "forceIDR", "1816:1/1", "1816:1/1", "1816:1/1", "1808:1/1", "1808:1/1")]
    [InlineData("NV_ENCODE_API_FUNCTION_LIST", "nvEncOpenEncodeSessionEx", "240/8", "240/8", "240/8", "240/8", "240/8")]
    [InlineData("NV_ENCODE_API_FUNCTION_LIST", "nvEncEncodePicture", "136/8", "136/8", "136/8", "136/8", "136/8")]
    [InlineData("NV_ENCODE_API_FUNCTION_LIST", "nvEncGetEncodePresetConfigEx", "320/8", "320/8", "320/8", "320/8", "320/8")]
    public void Field_IsWhereEachVersionHasIt(string structName, string field, params string[] places)
    {
        for (int i = 0; i < Versions.Length; i++)
        {
            NvencLayout layout = LayoutOf(Versions[i]);
            bool isThere = layout.Has(structName) && layout[structName].Fields.ContainsKey(field);
            Assert.Equal((Versions[i], places[i] != "-"), (Versions[i], isThere));
            Assert.True(!isThere || NvencField.Parse(places[i]) == layout[structName][field], $"{field} in {Versions[i]}");
        }
    }

    [Fact]
    public void Fields_LieInsideTheirStructsAndApart()
    {
        foreach (NvencStructLayout layout in NvencLayout.All.SelectMany(static version => version.Structs))
        {
            (int Begin, int End, string Name)[] bits =
            [
                .. layout.Fields
                    .Select(static field => (Begin: (field.Value.Offset * 8) + field.Value.Bit, Length: field.Value.IsBits ? field.Value.Bits : field.Value.Bytes * 8, field.Key))
                    .Select(static field => (field.Begin, field.Begin + field.Length, field.Key))
                    .Order(),
            ];
            Assert.All(bits, field => Assert.InRange(field.End, 1, layout.Size * 8));
            Assert.All(bits.Zip(bits.Skip(1)), pair => Assert.True(pair.First.End <= pair.Second.Begin, $"{layout.Name}: {pair.First.Name} and {pair.Second.Name}"));
        }
    }

    [Fact]
    public void DriversAnswer_IsAVersion()
    {
        Assert.Equal(new NvencVersion(12, 1), NvencVersion.OfDriver(0xC1));
        Assert.True(new NvencVersion(12, 1).IsAtMost(NvencVersion.OfDriver(0xC1)));
        Assert.False(new NvencVersion(12, 2).IsAtMost(NvencVersion.OfDriver(0xC1)));
        Assert.True(new NvencVersion(12, 2).IsAtMost(NvencVersion.OfDriver(0xD0)));
        Assert.Equal(0x0100000cu, new NvencVersion(12, 1).Word);
    }

    [Fact]
    public void View_WritesFieldsOfEverySizeAndNothingElse()
    {
        NvencLayout layout = LayoutOf("12.1");
        NvencBlock block = layout.Allocate("NV_ENC_CONFIG");
        NvencView rate = block.View.Inside("rcParams", "NV_ENC_RC_PARAMS");
        Guid profile = Guid.Parse("e7cbc309-4f7a-4b89-af2a-d537c92be310");
        block.View.Set("profileGUID", profile);
        rate.Set("averageBitRate", uint.MaxValue);
        rate.Set("targetQuality", 51);
        rate.Set("lookaheadDepth", 0x1234);
        rate.Set("zeroReorderDelay", 1);
        block.View.Inside("encodeCodecConfig", "NV_ENC_CONFIG_HEVC").Set("pixelBitDepthMinus8", 2);

        Assert.Equal(0xf108000cu, block.View.Get("version"));
        Assert.Equal(profile, block.View.GetGuid("profileGUID"));
        Assert.Equal([0x09, 0xc3, 0xcb, 0xe7, 0x7a, 0x4f, 0x89, 0x4b, 0xaf, 0x2a, 0xd5, 0x37, 0xc9, 0x2b, 0xe3, 0x10], block.View.BytesOf("profileGUID").ToArray());
        Assert.Equal((uint.MaxValue, 51, 0x1234, 1), (rate.Get("averageBitRate"), rate.Get("targetQuality"), rate.Get("lookaheadDepth"), rate.Get("zeroReorderDelay")));
        Assert.Equal((0, 0), (rate.Get("enableAQ"), rate.Get("targetQualityLSB")));
        Assert.Equal(2 << 11, BitConverter.ToInt32(block.View.BytesOf("encodeCodecConfig").Slice(16, 4)));

        block.Clear();
        Assert.Equal((0xf108000cu, 0), (block.View.Get("version"), rate.Get("averageBitRate")));
    }

    [Fact]
    public void View_RefusesWhatAFieldCannotHoldAndFieldsThatAreNotThere()
    {
        NvencView rate = LayoutOf("12.1").Allocate("NV_ENC_RC_PARAMS").View;
        Assert.Throws<ArgumentOutOfRangeException>(() => rate.Set("targetQuality", 256));
        Assert.Throws<ArgumentOutOfRangeException>(() => rate.Set("enableAQ", 2));
        Assert.Throws<ArgumentOutOfRangeException>(() => rate.Set("averageBitRate", 1L << 32));
        Assert.Throws<ArgumentOutOfRangeException>(() => rate.Set("averageBitRate", -1));
        KeyNotFoundException missing = Assert.Throws<KeyNotFoundException>(() => rate.Set("outputBitDepth", 8));
        Assert.Contains("NV_ENC_RC_PARAMS has no outputBitDepth", missing.Message, StringComparison.Ordinal);
    }

    private static T[] Same<T>(T value) => [value, value, value, value, value];

    private static NvencLayout LayoutOf(string version) =>
        NvencLayout.All.Single(layout => string.Create(CultureInfo.InvariantCulture, $"{layout.Version}") == version);
}
