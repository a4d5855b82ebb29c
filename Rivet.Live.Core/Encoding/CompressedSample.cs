namespace Rivet.Live.Core.Encoding;

/// <summary>A sample that is kept until its pictures are out. Times are ticks of its track.</summary>
internal sealed record CompressedSample(byte[] Bytes, long DecodeTime, long PresentationTime, bool IsSync);
