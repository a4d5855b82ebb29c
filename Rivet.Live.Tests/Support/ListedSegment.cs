namespace Rivet.Live.Tests.Support;

/// <summary>One complete segment of a media playlist.</summary>
internal sealed record ListedSegment(
    long MediaSequence, Uri Uri, Uri Map, double Seconds, DateTimeOffset WallClock, bool IsDiscontinuity, bool IsGap);
