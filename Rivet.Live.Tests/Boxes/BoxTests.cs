using System.Buffers;

using Rivet.Live.Core.Boxes;

using Xunit;

namespace Rivet.Live.Tests.Boxes;

/// <summary>Every box: read, written back, cut short.</summary>
public sealed class BoxTests
{
    public static TheoryData<string> Names => [.. BoxCases.All.Select(static box => box.Name)];

    public static TheoryData<string> WrittenNames => [.. BoxCases.All.Where(static box => box.Write is not null).Select(static box => box.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Box_Read_SaysWhatItSays(string name)
    {
        BoxCase box = CaseOf(name);

        Assert.Equal(OperationStatus.Done, box.Read(box.PayloadBytes, out object read));
        Assert.Equal(box.Expected, read);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Box_CutAtAnyByte_AsksForMore(string name)
    {
        BoxCase box = CaseOf(name);
        for (int cut = 0; cut < box.NeededBytes; cut++)
        {
            Assert.Equal(OperationStatus.NeedMoreData, box.Read(box.PayloadBytes.AsSpan(0, cut), out _));
        }

        Assert.Equal(OperationStatus.Done, box.Read(box.PayloadBytes.AsSpan(0, box.NeededBytes), out _));
    }

    [Theory]
    [MemberData(nameof(WrittenNames))]
    public void Box_WrittenBack_IsTheSameBytes(string name)
    {
        BoxCase box = CaseOf(name);
        BoxWriter boxes = new();
        box.Write!(boxes);

        BoxReader reader = new(boxes.WrittenMemory.Span);
        Assert.Equal(OperationStatus.Done, reader.TryReadBox(out _, out ReadOnlySpan<byte> payload));
        Assert.Equal(box.Payload, Convert.ToHexStringLower(payload));
        Assert.True(reader.IsAtEnd);
    }

    [Fact]
    public void Ftyp_WrittenAndRead_HasItsBrands()
    {
        BoxWriter boxes = new();
        new Ftyp(BoxType.Of("iso6"), 512, [BoxType.Of("cmfc"), BoxType.Of("iso5")]).Write(boxes);
        new BoxReader(boxes.WrittenMemory.Span).TryReadBox(out _, out ReadOnlySpan<byte> payload);

        Assert.Equal(OperationStatus.Done, Ftyp.TryRead(payload, out Ftyp ftyp));
        Assert.Equal(("iso6", 512u, "cmfc iso5"), (ftyp.MajorBrand.ToString(), ftyp.MinorVersion, string.Join(' ', ftyp.CompatibleBrands)));
        Assert.Equal(OperationStatus.NeedMoreData, Ftyp.TryRead(payload[..^1], out _));
        Assert.Equal(OperationStatus.NeedMoreData, Ftyp.TryRead(payload[..4], out _));
    }

    [Fact]
    public void Tfxd_WrittenAndRead_IsFoundByItsUserType()
    {
        BoxWriter boxes = new();
        new Tfxd(-213333, 9).Write(boxes);
        new BoxReader(boxes.WrittenMemory.Span).TryReadBox(out BoxHeader header, out ReadOnlySpan<byte> payload);

        Assert.Equal((BoxType.Uuid, Tfxd.UserType, 24), (header.Type, header.UserType, header.HeaderBytes));
        Assert.Equal(OperationStatus.Done, Tfxd.TryRead(payload, out Tfxd tfxd));
        Assert.Equal(new Tfxd(-213333, 9), tfxd);
    }

    [Theory]
    [InlineData("av1C", "80000c00")]
    [InlineData("avcC", "0042c00bffe0")]
    [InlineData("hvcC", "0001600000009000000000005df000fcfdf8f800000f00")]
    [InlineData("vpcC", "00000000000a820202020000")]
    [InlineData("dOps", "010201380000bb80000000")]
    [InlineData("esds", "0000000004110000001140150000000000000000000000")]
    public void Configuration_OfAnUnknownVersion_IsInvalid(string name, string payload) =>
        Assert.Equal(OperationStatus.InvalidData, CaseOf(name).Read(Convert.FromHexString(payload), out _));

    [Fact]
    public void Elst_ThatDeclaresMoreThanItHas_AsksForMore() =>
        Assert.Equal(OperationStatus.NeedMoreData, Elst.TryRead(Convert.FromHexString("00000000ffffffff000000000000040000010000"), out _));

    [Fact]
    public void Trun_ThatDeclaresMoreThanItHas_AsksForMore() =>
        Assert.Equal(OperationStatus.NeedMoreData, Trun.TryRead(Convert.FromHexString("00000200ffffffff00000001"), out _));

    [Fact]
    public void TrunEntries_WithFirstSampleFlags_TakeThemOnce()
    {
        byte[] payload = Convert.FromHexString("00000204000000020200000000000005" + "00000006");
        Assert.Equal(OperationStatus.Done, Trun.TryRead(payload, out Trun trun));

        TrunEntryReader entries = new(trun, payload, new TrunEntry(30, 1, SampleFlags.NonSync, 0));

        Assert.Equal(new TrunEntry(30, 5, SampleFlags.Sync, 0), entries.Next());
        Assert.Equal(new TrunEntry(30, 6, SampleFlags.NonSync, 0), entries.Next());
    }

    private static BoxCase CaseOf(string name) => BoxCases.All.Single(box => box.Name == name);
}
