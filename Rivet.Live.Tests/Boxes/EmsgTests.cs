using System.Buffers;
using Rivet.Live.Core.Boxes;
using Xunit;

namespace Rivet.Live.Tests.Boxes;

/// <summary>emsg in its two versions, and emib: read, written back, cut short.</summary>
public sealed class EmsgTests
{
    private const string Version0 = "00000000 7572 6e3a6100 3100 000003e8 000001f4 ffffffff 00000007 fc30";
    private const string Version1 = "01000000 00015f90 00000001000001f4 00000064 00000007 75726e3a6100 3100 fc30";

    [Theory]
    [InlineData(Version0, false, 1000u, 500ul, Emsg.UnknownDuration)]
    [InlineData(Version1, true, 90000u, 0x1000001F4ul, 100u)]
    public void Emsg_OfEitherVersion_IsReadAndWrittenBack(string payload, bool isAbsolute, uint timescale, ulong time, uint duration)
    {
        string hex = payload.Replace(" ", "", StringComparison.Ordinal);
        byte[] bytes = Convert.FromHexString(hex);

        Assert.Equal(OperationStatus.Done, Emsg.TryRead(bytes, out Emsg? emsg));

        Assert.Equal(("urn:a", "1", timescale, time, isAbsolute, duration, 7u), (emsg!.Scheme, emsg.Value, emsg.Timescale, emsg.Time, emsg.IsAbsolute, emsg.Duration, emsg.Id));
        Assert.Equal("FC30", Convert.ToHexString(emsg.Message));
        BoxWriter boxes = new();
        emsg.Write(boxes);
        Assert.Equal(hex, Convert.ToHexStringLower(boxes.WrittenMemory.Span[8..]));
        for (int cut = 0; cut < bytes.Length - 2; cut++)
        {
            Assert.Equal(OperationStatus.NeedMoreData, Emsg.TryRead(bytes.AsSpan(0, cut), out _));
        }
    }

    [Fact]
    public void Emib_IsReadAndWrittenBack()
    {
        const string hex = "0000000000000000fffffffffffffe0c000000640000000775726e3a61003100fc30";
        byte[] bytes = Convert.FromHexString(hex);

        Assert.Equal(OperationStatus.Done, Emib.TryRead(bytes, out Emib? emib));

        Assert.Equal(("urn:a", "1", -500L, 100u, 7u), (emib!.Scheme, emib.Value, emib.Delta, emib.Duration, emib.Id));
        Assert.Equal("FC30", Convert.ToHexString(emib.Message));
        BoxWriter boxes = new();
        emib.Write(boxes);
        Assert.Equal(hex, Convert.ToHexStringLower(boxes.WrittenMemory.Span[8..]));
        for (int cut = 0; cut < bytes.Length - 2; cut++)
        {
            Assert.Equal(OperationStatus.NeedMoreData, Emib.TryRead(bytes.AsSpan(0, cut), out _));
        }
    }

    [Theory]
    [InlineData("02000000 00015f90 00000001000001f4 00000064 00000007 75726e3a6100 3100")]
    [InlineData("00000000 75726e3a6100 3100 00000000 000001f4 ffffffff 00000007")]
    public void Emsg_OfAnUnknownVersionOrWithoutAClock_IsInvalid(string payload) =>
        Assert.Equal(OperationStatus.InvalidData, Emsg.TryRead(Convert.FromHexString(payload.Replace(" ", "", StringComparison.Ordinal)), out _));
}
