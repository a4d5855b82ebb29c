namespace Rivet.Live.Bench.Viewers;

/// <summary>What one cache did.</summary>
/// <param name="Cache">Its configuration in docs/edge.</param>
/// <param name="Answers">Playlists that viewers waited for and got.</param>
/// <param name="Failed">Viewers that got none.</param>
/// <param name="OriginRequests">Requests that the origin held, for each playlist that every viewer got.</param>
/// <param name="P50Milliseconds">From the publisher's last byte of a part to a viewer's last byte of the playlist.</param>
/// <param name="P99Milliseconds">The same.</param>
/// <param name="PartFetches">How often the origin sent a hinted part that all asked for at once.</param>
/// <param name="SegmentFetches">How often it sent a complete segment that all asked for at once.</param>
internal sealed record EdgeRow(
    string Cache, int Answers, int Failed, double OriginRequests, double P50Milliseconds, double P99Milliseconds, double PartFetches, double SegmentFetches);
