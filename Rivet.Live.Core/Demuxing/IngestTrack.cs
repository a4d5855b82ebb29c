using Rivet.Live.Core.Media;

namespace Rivet.Live.Core.Demuxing;

/// <summary>A track as the publisher's moov names it.</summary>
/// <param name="TrackId">The publisher's own number for it, never 0.</param>
/// <param name="Description">What the track is.</param>
internal sealed record IngestTrack(uint TrackId, TrackDescription Description);
