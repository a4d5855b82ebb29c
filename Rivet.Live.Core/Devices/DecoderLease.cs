using Rivet.Live.Core.Encoding;

namespace Rivet.Live.Core.Devices;

/// <summary>The borrowed right to one decoder of a device, which is open. Nothing of it counts towards what the device may encode.</summary>
/// <remarks>The place is free again when the device's decoder is really closed: one that hangs keeps it. For one caller at a time.</remarks>
internal sealed class DecoderLease(DecoderDesk desk, WatchedDecoder decoder, string label) : IDisposable
{
    public WatchedDecoder Decoder => decoder;

    /// <summary>Gives the lease back and tells what went wrong.</summary>
    public void Fail(CodecException failure)
    {
        desk.Failed(label, failure);
        Dispose();
    }

    public void Dispose()
    {
        decoder.Dispose();
        desk.Return(decoder);
    }
}
