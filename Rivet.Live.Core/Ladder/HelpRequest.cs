using Rivet.Live.Core.Devices;
using Rivet.Live.Core.Encoding;

namespace Rivet.Live.Core.Ladder;

/// <summary>What a helper has to know to encode for a rendition.</summary>
/// <param name="Need">What it asks the pool for.</param>
/// <param name="Settings">Those of all encoders of the rendition.</param>
/// <param name="Invariant">What they agree on.</param>
internal sealed record HelpRequest(EncoderNeed Need, VideoEncoderSettings Settings, CodecInvariant Invariant);
