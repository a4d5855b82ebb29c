namespace Rivet.Live.Tests.Support;

/// <summary>One picture or block of audio that came out of a decoder.</summary>
/// <param name="Time">When it is shown, in the track's ticks.</param>
/// <param name="IsKey">True for one that a decoder can begin with.</param>
/// <param name="Offset">Where in the file its packet lies.</param>
internal sealed record DecodedFrame(long Time, bool IsKey, long Offset);
