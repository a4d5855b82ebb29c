using Rivet.Live.Core.Encoding;
using Rivet.Live.Core.Encoding.Nvenc;
using Rivet.Live.Core.Native.Nvenc;
using Xunit;

namespace Rivet.Live.Tests.Encoding.Nvenc;

/// <summary>Every status that NVENC has, and what follows from it.</summary>
public class NvencVerdictTests
{
    /// <summary>Status, and the faults while a session is opened and while it encodes.</summary>
    public static TheoryData<int, string, string, string> Statuses => new()
    {
        { 1, "NO_ENCODE_DEVICE", "Refused", "Refused" },
        { 2, "UNSUPPORTED_DEVICE", "Refused", "Refused" },
        { 3, "INVALID_ENCODERDEVICE", "Refused", "Lost" },
        { 4, "INVALID_DEVICE", "Refused", "Lost" },
        { 5, "DEVICE_NOT_EXIST", "Lost", "Lost" },
        { 6, "INVALID_PTR", "Failed", "Failed" },
        { 7, "INVALID_EVENT", "Failed", "Failed" },
        { 8, "INVALID_PARAM", "Refused", "Refused" },
        { 9, "INVALID_CALL", "Failed", "Failed" },
        { 10, "OUT_OF_MEMORY", "Full", "Failed" },
        { 11, "ENCODER_NOT_INITIALIZED", "Failed", "Failed" },
        { 12, "UNSUPPORTED_PARAM", "Refused", "Refused" },
        { 13, "LOCK_BUSY", "Busy", "Busy" },
        { 14, "NOT_ENOUGH_BUFFER", "Failed", "Failed" },
        { 15, "INVALID_VERSION", "Refused", "Refused" },
        { 16, "MAP_FAILED", "Failed", "Failed" },
        { 18, "ENCODER_BUSY", "Busy", "Busy" },
        { 19, "EVENT_NOT_REGISTERD", "Failed", "Failed" },
        { 20, "GENERIC", "Failed", "Failed" },
        { 21, "INCOMPATIBLE_CLIENT_KEY", "Full", "Failed" },
        { 22, "UNIMPLEMENTED", "Refused", "Refused" },
        { 23, "RESOURCE_REGISTER_FAILED", "Failed", "Failed" },
        { 24, "RESOURCE_NOT_REGISTERED", "Failed", "Failed" },
        { 25, "RESOURCE_NOT_MAPPED", "Failed", "Failed" },
        { 26, "NEED_MORE_OUTPUT", "Failed", "Failed" },
        { 99, "99", "Failed", "Failed" },
    };

    [Theory]
    [MemberData(nameof(Statuses))]
    public void Status_SaysWhatFollowsAndWhichCallFailed(int status, string name, string opening, string encoding)
    {
        NvencException failed = new("nvEncInitializeEncoder", (NvencStatus)status, "in the driver's words");

        CodecException whileOpening = NvencVerdicts.Explain("gpu1", failed, isOpening: true);
        Assert.Equal(opening, whileOpening.Fault.ToString());
        Assert.StartsWith(
            $"gpu1: nvEncInitializeEncoder failed with {status} ({name}): in the driver's words. ", whileOpening.Message, StringComparison.Ordinal);
        Assert.Equal(encoding, NvencVerdicts.Explain("gpu1", failed, isOpening: false).Fault.ToString());
    }

    [Fact]
    public void Statuses_AreAllJudged() => Assert.Equal(
        Enum.GetValues<NvencStatus>().Except([NvencStatus.Success, NvencStatus.NeedMoreInput]).Select(static status => (int)status),
        Statuses.Select(static row => (int)row[0]).Where(static status => status < 99));

    [Theory]
    [InlineData(2, "Full")]
    [InlineData(100, "Lost")]
    [InlineData(999, "Lost")]
    public void CudaError_SaysWhatFollows(int error, string fault)
    {
        CodecException explained = NvencVerdicts.Explain("gpu1", new CudaException("cuDevicePrimaryCtxRetain", error));
        Assert.Equal(fault, explained.Fault.ToString());
        Assert.StartsWith($"gpu1: cuDevicePrimaryCtxRetain failed with CUDA error {error}. ", explained.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void OldDriver_IsToldToBeReplaced() => Assert.Contains(
        "Install a newer driver",
        NvencVerdicts.Explain("gpu1", new NvencException("NvEncodeAPICreateInstance", NvencStatus.InvalidVersion), isOpening: true).Message,
        StringComparison.Ordinal);
}
