namespace Rivet.Live.Core.Ladder;

/// <summary>One quality that viewers may choose, as the operator configured it.</summary>
/// <param name="Name">Stands in URLs and stats: <c>720p</c>.</param>
/// <param name="Height">Lines of the picture, even.</param>
/// <param name="VideoBitrateBps">Cap of the video bitrate, in bits per second.</param>
/// <param name="MaxFrameRate">Pictures per second that are kept at most; null keeps all.</param>
internal sealed record Rendition(string Name, int Height, int VideoBitrateBps, double? MaxFrameRate = null);
