using Rivet.Live.Core.Broadcast;

namespace Rivet.Live.Core.Drains;

/// <summary>What a transcoder may know and touch.</summary>
/// <param name="Source">The track to transcode: its key, kind and session.</param>
/// <param name="Registry">Where the rendition is published, as one more track of the broadcast.</param>
/// <param name="Progress">What the transcoder tells operators of its work.</param>
internal sealed record TranscoderContext(FragmentBroadcaster Source, FragmentBroadcasterRegistry Registry, RenditionProgress Progress);
