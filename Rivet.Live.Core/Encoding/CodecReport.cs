namespace Rivet.Live.Core.Encoding;

/// <summary>What came of trying one codec on this machine.</summary>
/// <param name="Name">FFmpeg's name of the encoder, or the sample entries that a decoder is for.</param>
/// <param name="Works">True where it was opened and did its work.</param>
/// <param name="Text">For people: what it did, or why it did not.</param>
internal sealed record CodecReport(string Name, bool Works, string Text);
