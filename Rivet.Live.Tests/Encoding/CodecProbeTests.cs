using Rivet.Live.Core.Encoding;
using Xunit;

namespace Rivet.Live.Tests.Encoding;

public class CodecProbeTests
{
    [Fact]
    public void Probe_Encoders_TriesEachAndSaysWhy()
    {
        IReadOnlyList<CodecReport> reports = CodecProbe.Encoders(Synthetic.Library);
        Assert.Equal(CodecProbe.EncoderNames, reports.Select(static report => report.Name));
        Assert.True(reports[0].Works, reports[0].Text);
        Assert.All(reports, static report => Assert.NotEqual("", report.Text));
    }

    [Fact]
    public void Probe_Decoders_FindsH264()
    {
        IReadOnlyList<CodecReport> reports = CodecProbe.Decoders();
        Assert.Equal(["h264", "hevc", "av1", "vp9"], reports.Select(static report => report.Name));
        Assert.True(reports[0].Works, reports[0].Text);
    }
}
