using Rivet.Live.Tests.Support;
using Xunit;

namespace Rivet.Live.Tests.Nvsim;

/// <summary>What an operator with NVIDIA's cards is told by <c>doctor</c>.</summary>
public sealed class DoctorTests
{
    [Fact]
    public async Task Doctor_HasEveryCardEncodeEachWay()
    {
        using NvsimMachine machine = await NvsimMachine.BuildAsync("l4,h200", ("NVSIM_MAX_API", "12.1"));
        (int exitCode, IReadOnlyList<string> lines, _) = await ServerProcess.RunAsync(["doctor", "--Encoding:SlotsPerDevice=2"], machine.Environment);

        Assert.Equal(0, exitCode);
        Assert.Contains(lines, static line => line.StartsWith(
            "nvenc       yes nvidia device 0 (NVIDIA L4, NVENC): driver's API 12.1, used 12.1, engines 2, h264 up to 4096x4096, hevc and 10-bit", StringComparison.Ordinal));
        foreach (string encoder in (string[])["nvenc-h264", "h264_nvenc", "nvenc-hevc", "hevc_nvenc", "nvenc-hevc 10-bit", "hevc_nvenc 10-bit", "nvenc-av1", "nvenc-av1 10-bit"])
        {
            string line = Assert.Single(lines, line => line.Contains($" device 0 {encoder}: ", StringComparison.Ordinal));
            Assert.Contains($"yes device 0 {encoder}: 60 pictures of 640x360 in ", line, StringComparison.Ordinal);
        }

        Assert.Contains(lines, static line => line.StartsWith("nvenc       no  nvidia device 1 (NVIDIA H200", StringComparison.Ordinal)
            && line.Contains("nvEncOpenEncodeSessionEx failed with 2 (UNSUPPORTED_DEVICE)", StringComparison.Ordinal));
        machine.RequireNoViolation();
    }
}
