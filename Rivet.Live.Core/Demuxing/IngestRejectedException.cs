namespace Rivet.Live.Core.Demuxing;

/// <summary>A publisher's bytes are refused: why, and where in them.</summary>
/// <param name="reason">The kind of refusal.</param>
/// <param name="detail">What was seen, what was expected, what to do.</param>
/// <param name="offsetBytes">Where the offending box begins, counted from the first byte of the body.</param>
/// <param name="boxPath">The offending box, for example <c>moof/traf[1]/trun</c>; empty where it is no box.</param>
internal sealed class IngestRejectedException(IngestRejectReason reason, string detail, long offsetBytes, string boxPath)
    : Exception(boxPath.Length == 0 ? $"byte {offsetBytes}: {detail}" : $"{boxPath} at byte {offsetBytes}: {detail}")
{
    public IngestRejectReason Reason { get; } = reason;

    public string Detail { get; } = detail;

    public long OffsetBytes { get; } = offsetBytes;

    public string BoxPath { get; } = boxPath;
}
