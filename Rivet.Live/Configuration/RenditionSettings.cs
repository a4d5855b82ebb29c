namespace Rivet.Live.Configuration;

/// <summary>One rung of the ladder as the operator asked for it. The width follows from the source's shape.</summary>
/// <param name="Name">Unique in the ladder; also the track's name and part of its URLs.</param>
/// <param name="Height">Picture height in pixels, even.</param>
/// <param name="VideoBitrateBps">Average video bit rate in bits per second.</param>
/// <param name="MaxFrameRate">Pictures per second at most; null keeps the source's rate.</param>
/// <param name="Codec">The rendition's own codec, or <c>Encoding:Codec</c> where it names none.</param>
internal sealed record RenditionSettings(string Name, int Height, int VideoBitrateBps, double? MaxFrameRate, RenditionCodec Codec);
