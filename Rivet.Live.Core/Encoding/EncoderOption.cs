namespace Rivet.Live.Core.Encoding;

/// <summary>A word of the operator's own to one of the encoders.</summary>
/// <param name="Encoder">FFmpeg's name of it.</param>
/// <param name="Name">FFmpeg's name of the option; one that ends in <c>-params</c> is added to what we say there.</param>
/// <param name="Value">As FFmpeg takes it.</param>
internal sealed record EncoderOption(string Encoder, string Name, string Value);
