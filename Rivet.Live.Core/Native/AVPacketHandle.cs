using System.Runtime.InteropServices;

namespace Rivet.Live.Core.Native;

/// <summary>An AVPacket: one coded sample on its way into or out of a codec.</summary>
internal sealed unsafe class AVPacketHandle : SafeHandle
{
    private AVPacketHandle(nint packet)
        : base(0, ownsHandle: true) => SetHandle(packet);

    public override bool IsInvalid => handle == 0;

    public long Pts => *(long*)(Pointer + AVOffsets.PacketPts);

    public long Dts => *(long*)(Pointer + AVOffsets.PacketDts);

    public bool IsKeyframe => (*(int*)(Pointer + AVOffsets.PacketFlags) & AvCodecFunctions.AV_PKT_FLAG_KEY) != 0;

    /// <summary>The coded bytes. Valid until the packet is filled, cleared or freed.</summary>
    public ReadOnlySpan<byte> Data => new(*(byte**)(Pointer + AVOffsets.PacketData), *(int*)(Pointer + AVOffsets.PacketSize));

    private byte* Pointer => IsClosed ? throw new ObjectDisposedException(nameof(AVPacketHandle)) : (byte*)handle;

    public static AVPacketHandle Allocate()
    {
        nint packet = AvCodecFunctions.av_packet_alloc();
        return packet == 0 ? throw new FFmpegException("av_packet_alloc", AvUtilFunctions.AVERROR_ENOMEM, "no memory") : new AVPacketHandle(packet);
    }

    /// <summary>Copies a sample in, with the zero padding that decoders read past the end.</summary>
    public void Fill(ReadOnlySpan<byte> sample, long decodeTime, long presentationTime, bool isSync)
    {
        Clear();
        AvUtilFunctions.Check(AvCodecFunctions.av_new_packet(this, sample.Length), "av_new_packet", $"a sample of {sample.Length} bytes");
        sample.CopyTo(new Span<byte>(*(byte**)(Pointer + AVOffsets.PacketData), sample.Length));
        *(long*)(Pointer + AVOffsets.PacketPts) = presentationTime;
        *(long*)(Pointer + AVOffsets.PacketDts) = decodeTime;
        *(int*)(Pointer + AVOffsets.PacketFlags) = isSync ? AvCodecFunctions.AV_PKT_FLAG_KEY : 0;
    }

    public void Clear() => AvCodecFunctions.av_packet_unref(this);

    protected override bool ReleaseHandle()
    {
        nint packet = handle;
        AvCodecFunctions.av_packet_free(&packet);
        return true;
    }
}
