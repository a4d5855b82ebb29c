using System.Buffers;
using Rivet.Live.Core.Bitstream;
using Xunit;

namespace Rivet.Live.Tests.Bitstream;

/// <summary>splice_info_section: the samples of ANSI/SCTE 35 §14, and what damages do.</summary>
public sealed class SpliceSectionTests
{
    public const string Insert = "FC302F000000000000FFFFF014054800008F7FEFFE7369C02EFE0052CCF500000000000A0008435545490000013562DBA30A";
    public const string PlacementStart = "FC3034000000000000FFFFF00506FE72BD0050001E021C435545494800008E7FCF0001A599B00808000000002CA0A18A3402009AC9D17E";
    public const string PlacementEnd = "FC302F000000000000FFFFF00506FE746290A000190217435545494800008E7F9F0808000000002CA0A18A350200A9CC6758";
    public const string Programme = "FC3048000000000000FFFFF00506FE7A4D88B60032021743554549480000187F9F0808000000002CCBC344110000021743554549480000197F9F0808000000002CA4DBA01000009972E343";

    [Theory]
    [InlineData(Insert, nameof(SpliceKind.Out), "insert-1207959695", 60.293567)]
    [InlineData(PlacementStart, nameof(SpliceKind.Out), "segmentation-1207959694", 307.0)]
    [InlineData(PlacementEnd, nameof(SpliceKind.In), "segmentation-1207959694", null)]
    public void Section_OfABreak_SaysWhereItBeginsOrEnds(string hex, string kind, string key, double? planned)
    {
        Assert.Equal(OperationStatus.Done, SpliceSection.TryRead(Convert.FromHexString(hex), out IReadOnlyList<Splice> splices));

        Splice splice = Assert.Single(splices);
        Assert.Equal((kind, key), (splice.Kind.ToString(), splice.Key));
        Assert.Equal(planned, splice.PlannedSeconds is { } seconds ? Math.Round(seconds, 6) : null);
    }

    [Theory]
    [InlineData(Programme)]
    [InlineData("FC3011000000000000FFFFFF0000004F253396")]
    public void Section_OfSomethingElse_HasNoBreak(string hex)
    {
        Assert.Equal(OperationStatus.Done, SpliceSection.TryRead(Convert.FromHexString(hex), out IReadOnlyList<Splice> splices));
        Assert.Empty(splices);
    }

    /// <summary>The same as <see cref="Insert"/> with splice_event_cancel_indicator.</summary>
    [Fact]
    public void Section_ThatCancels_SaysSo()
    {
        byte[] section = Convert.FromHexString("FC301B000000000000FFFFF005054800008FFF000000000000");

        Assert.Equal(OperationStatus.Done, SpliceSection.TryRead(section, out IReadOnlyList<Splice> splices));
        Assert.Equal(new Splice(SpliceKind.Cancelled, "insert-1207959695", null), Assert.Single(splices));
    }

    [Theory]
    [InlineData(Insert, 30)]
    [InlineData(PlacementStart, 51)]
    public void Section_CutShort_IsNone(string hex, int neededBytes)
    {
        byte[] section = Convert.FromHexString(hex);
        for (int cut = 1; cut < neededBytes; cut++)
        {
            Assert.Equal(OperationStatus.NeedMoreData, SpliceSection.TryRead(section.AsSpan(0, cut), out IReadOnlyList<Splice> splices));
            Assert.Empty(splices);
        }

        Assert.Equal(OperationStatus.InvalidData, SpliceSection.TryRead("PK"u8, out _));
    }

    /// <summary>Descriptors that declare more than there is, and components without end.</summary>
    [Fact]
    public void Section_DamagedAnywhere_IsReadOrRefused()
    {
        foreach (string hex in new[] { Insert, PlacementStart, PlacementEnd, Programme })
        {
            byte[] section = Convert.FromHexString(hex);
            for (int at = 0; at < section.Length; at++)
            {
                foreach (byte value in (byte[])[0, 1, 0x7F, 0x80, 0xFF])
                {
                    byte[] damaged = [.. section];
                    damaged[at] = value;
                    Assert.InRange(SpliceSection.TryRead(damaged, out _), OperationStatus.Done, OperationStatus.InvalidData);
                }
            }
        }
    }
}
