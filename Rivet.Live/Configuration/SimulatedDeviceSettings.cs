namespace Rivet.Live.Configuration;

/// <summary>A simulated device: it encodes on the CPU and has the bounds that it is told to have.</summary>
/// <param name="Family">Whose it pretends to be.</param>
/// <param name="Slots">Encoders at once.</param>
/// <param name="Speed">Seconds of media that each encoder does in a second; null as fast as it can.</param>
internal sealed record SimulatedDeviceSettings(EncoderFamily Family, int Slots, double? Speed);
