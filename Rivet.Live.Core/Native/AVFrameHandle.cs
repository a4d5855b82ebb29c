using System.Runtime.InteropServices;

namespace Rivet.Live.Core.Native;

/// <summary>An AVFrame: one uncompressed picture, or the room for one. Freed once, its buffers given back with it.</summary>
internal sealed unsafe class AVFrameHandle : SafeHandle
{
    private readonly AVOffsets _offsets;

    private AVFrameHandle(AVOffsets offsets, nint frame)
        : base(0, ownsHandle: true)
    {
        _offsets = offsets;
        SetHandle(frame);
    }

    public override bool IsInvalid => handle == 0;

    public int Width => *(int*)(Pointer + AVOffsets.FrameWidth);

    public int Height => *(int*)(Pointer + AVOffsets.FrameHeight);

    /// <summary>AVPixelFormat.</summary>
    public int Format
    {
        get => *(int*)(Pointer + AVOffsets.FrameFormat);
        set => *(int*)(Pointer + AVOffsets.FrameFormat) = value;
    }

    public long Pts
    {
        get => *(long*)(Pointer + AVOffsets.FramePts);
        set => *(long*)(Pointer + AVOffsets.FramePts) = value;
    }

    public long BestEffortTimestamp => *(long*)(Pointer + _offsets.FrameBestEffortTimestamp);

    /// <summary>AVPictureType: an encoder takes it as an order.</summary>
    public int PictureType
    {
        get => *(int*)(Pointer + _offsets.FramePictType);
        set => *(int*)(Pointer + _offsets.FramePictType) = value;
    }

    /// <summary>Releases before 8.0 have a field for it, later ones a flag.</summary>
    public bool IsKeyframe => _offsets.FrameKeyFrame == AVOffsets.Gone
        ? (*(int*)(Pointer + _offsets.FrameFlags) & AvUtilFunctions.AV_FRAME_FLAG_KEY) != 0
        : *(int*)(Pointer + _offsets.FrameKeyFrame) != 0;

    public int DecodeErrorFlags => *(int*)(Pointer + _offsets.FrameDecodeErrorFlags);

    public int ColorRange => *(int*)(Pointer + _offsets.FrameColorRange);

    public int ColorPrimaries => *(int*)(Pointer + _offsets.FrameColorPrimaries);

    public int ColorTransfer => *(int*)(Pointer + _offsets.FrameColorTransfer);

    public int ColorSpace => *(int*)(Pointer + _offsets.FrameColorSpace);

    public int ChromaLocation => *(int*)(Pointer + _offsets.FrameChromaLocation);

    public (int Numerator, int Denominator) SampleAspectRatio
    {
        get
        {
            int* ratio = (int*)(Pointer + _offsets.FrameSampleAspectRatio);
            return (ratio[0], ratio[1]);
        }
    }

    /// <summary>True where nobody else holds the buffers.</summary>
    public bool IsWritable => AvUtilFunctions.av_frame_is_writable(this) != 0;

    internal byte* Pointer => IsClosed ? throw new ObjectDisposedException(nameof(AVFrameHandle)) : (byte*)handle;

    public static AVFrameHandle Allocate(AVOffsets offsets)
    {
        nint frame = AvUtilFunctions.av_frame_alloc();
        return frame == 0 ? throw new FFmpegException("av_frame_alloc", AvUtilFunctions.AVERROR_ENOMEM, "no memory") : new AVFrameHandle(offsets, frame);
    }

    /// <summary>A frame with its own, uninitialised buffers.</summary>
    public static AVFrameHandle AllocatePicture(AVOffsets offsets, int width, int height, int format)
    {
        // Rows start on a cache line, so that no vector load of a row straddles two.
        const int Alignment = 64;
        AVFrameHandle frame = Allocate(offsets);
        *(int*)(frame.Pointer + AVOffsets.FrameWidth) = width;
        *(int*)(frame.Pointer + AVOffsets.FrameHeight) = height;
        frame.Format = format;
        int status = AvUtilFunctions.av_frame_get_buffer(frame, Alignment);
        if (status < 0)
        {
            frame.Dispose();
            throw new FFmpegException("av_frame_get_buffer", status, $"{width}x{height}");
        }

        return frame;
    }

    /// <summary>A new frame on the same buffers.</summary>
    public AVFrameHandle Share()
    {
        AVFrameHandle frame = Allocate(_offsets);
        int status = AvUtilFunctions.av_frame_ref(frame, this);
        if (status < 0)
        {
            frame.Dispose();
            throw new FFmpegException("av_frame_ref", status, "sharing a picture");
        }

        return frame;
    }

    /// <summary>Lets this frame stand on the other's buffers, with its properties.</summary>
    public void ReferTo(AVFrameHandle other)
    {
        AvUtilFunctions.av_frame_unref(this);
        AvUtilFunctions.Check(AvUtilFunctions.av_frame_ref(this, other), "av_frame_ref", "sharing a picture");
    }

    /// <summary>Lets go of the buffers; the frame can be used again.</summary>
    public void Release() => AvUtilFunctions.av_frame_unref(this);

    /// <summary>Times, colours, aspect ratio, side data; not the pixels.</summary>
    public void CopyPropertiesFrom(AVFrameHandle other) =>
        AvUtilFunctions.Check(AvUtilFunctions.av_frame_copy_props(this, other), "av_frame_copy_props", "carrying a picture's properties over");

    /// <summary>Bytes from one row of a plane to the next.</summary>
    public int Stride(int plane)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)plane, 7u, nameof(plane));
        return ((int*)(Pointer + AVOffsets.FrameLinesize))[plane];
    }

    /// <summary>A plane's bytes, from its first row to the end of its last. Valid while this frame is alive.</summary>
    /// <param name="plane">0 luma, 1 and 2 chroma.</param>
    /// <param name="rowBytes">Bytes in one row.</param>
    /// <param name="rows">Number of rows.</param>
    public ReadOnlySpan<byte> Plane(int plane, int rowBytes, int rows) =>
        new(PlanePointer(plane), checked((Stride(plane) * (rows - 1)) + rowBytes));

    /// <summary>The same for whoever fills a picture that nobody else holds.</summary>
    public Span<byte> WritablePlane(int plane, int rowBytes, int rows) =>
        new(PlanePointer(plane), checked((Stride(plane) * (rows - 1)) + rowBytes));

    internal byte* PlanePointer(int plane)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)plane, 7u, nameof(plane));
        byte* data = ((byte**)(Pointer + AVOffsets.FrameData))[plane];
        return data is null ? throw new ArgumentOutOfRangeException(nameof(plane), plane, "The picture has no such plane.") : data;
    }

    protected override bool ReleaseHandle()
    {
        nint frame = handle;
        AvUtilFunctions.av_frame_free(&frame);
        return true;
    }
}
