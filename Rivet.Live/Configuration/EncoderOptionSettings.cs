namespace Rivet.Live.Configuration;

/// <summary>A word of the operator's own to one encoder, as FFmpeg takes it.</summary>
/// <param name="Encoder">FFmpeg's name of it.</param>
/// <param name="Name">FFmpeg's name of the option.</param>
/// <param name="Value">Its value.</param>
internal sealed record EncoderOptionSettings(string Encoder, string Name, string Value);
