namespace Rivet.Live.Core.Packaging;

/// <summary>Where the time went before a part was made, counted from its last sample.</summary>
/// <param name="SinceReceived">From the last byte of the publisher's fragment that the sample came with, or was made from.</param>
/// <param name="SincePublished">From the sample's publication as part of its track.</param>
internal readonly record struct PartWait(TimeSpan SinceReceived, TimeSpan SincePublished)
{
    /// <summary>From the publisher's last byte to the track: reading, and for a rendition decoding, scaling and encoding.</summary>
    public TimeSpan BeforePublished => SinceReceived - SincePublished;
}
