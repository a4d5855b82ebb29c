using Rivet.Live.Core.Buffers;
using Rivet.Live.Core.Encoding;
using Xunit;

namespace Rivet.Live.Tests.Encoding;

public sealed class CodecInvariantTests
{
    [Fact]
    public void Encoders_WithTheSameSettings_Agree()
    {
        using VideoEncoder one = Open("high");
        using VideoEncoder other = Open("high");

        Assert.Equal(one.Invariant, other.Invariant);
        Assert.Equal((160, 90, 1, 8), (one.Invariant.Width, one.Invariant.Height, one.Invariant.ChromaFormat, one.Invariant.BitDepth));
        Assert.Equal("", one.Invariant.DifferenceFrom(other.Invariant));
    }

    [Fact]
    public void Difference_NamesWhatWasSeenAndWhatWasExpected()
    {
        using VideoEncoder high = Open("high");
        using VideoEncoder main = Open("main");

        Assert.Equal("profile 77 instead of 100", main.Invariant.DifferenceFrom(high.Invariant));
    }

    [Fact]
    public void StreamWithoutParameterSet_HasNone() => Assert.Null(CodecInvariant.OfAvc([0, 0, 0, 1, 0x65, 1, 2, 3]));

    [Fact]
    public void ParameterSetThatIsCutOff_IsAnErrorThatSaysSo() =>
        Assert.Contains("sequence parameter set of 3 bytes", Assert.Throws<InvalidDataException>(() => CodecInvariant.OfAvc([0, 0, 1, 0x67, 100, 31])).Message, StringComparison.Ordinal);

    private static VideoEncoder Open(string profile) =>
        VideoEncoder.Open(Synthetic.Library, Synthetic.Settings(160, 90) with { Profile = profile, Preset = "veryfast" }, new PayloadPool(), "test");
}
