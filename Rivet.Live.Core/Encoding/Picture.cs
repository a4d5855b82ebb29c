using Rivet.Live.Core.Native;

namespace Rivet.Live.Core.Encoding;

/// <summary>One decoded or scaled picture, or rather this holder's right to it: pixels are shared, never copied, and never written after they exist.</summary>
internal sealed class Picture : IDisposable
{
    internal Picture(AVFrameHandle frame, long presentationTime)
    {
        Frame = frame;
        PresentationTime = presentationTime;
        frame.Pts = presentationTime;
    }

    /// <summary>When it is shown, in ticks of the source track.</summary>
    public long PresentationTime { get; }

    public int Width => Frame.Width;

    public int Height => Frame.Height;

    /// <summary>True where the sample it was decoded from was a keyframe.</summary>
    public bool IsKeyframe => Frame.IsKeyframe;

    /// <summary>True where the decoder noticed damage. A lost reference is not noticed: false promises nothing.</summary>
    public bool IsDamaged => Frame.DecodeErrorFlags != 0;

    /// <summary>Name of the pixel format: <c>yuv420p</c>, <c>yuv420p10le</c> …</summary>
    public string PixelFormat => AvUtilFunctions.PixelFormatName(Frame.Format);

    /// <summary>Bits of a sample.</summary>
    public int BitDepth => PixelFormats.BitDepthOf(Frame.Format);

    public PictureColor Color => new(
        Frame.ColorRange == AvUtilFunctions.AVCOL_RANGE_JPEG || Frame.Format == AvUtilFunctions.AV_PIX_FMT_YUVJ420P,
        Frame.ColorPrimaries,
        Frame.ColorTransfer,
        Frame.ColorSpace,
        Frame.ChromaLocation);

    /// <summary>Shape of a pixel, width to height; 0:1 where unknown.</summary>
    public (int Numerator, int Denominator) SampleAspectRatio => Frame.SampleAspectRatio;

    internal AVFrameHandle Frame { get; }

    /// <summary>True for 8-bit planar 4:2:0, whose planes <see cref="Plane"/> can show.</summary>
    internal bool IsPlanar420 => Frame.Format is AvUtilFunctions.AV_PIX_FMT_YUV420P or AvUtilFunctions.AV_PIX_FMT_YUVJ420P;

    /// <summary>True for planar 4:2:0 of that depth.</summary>
    internal bool IsPlanar420Of(int bitDepth) => bitDepth == 8 ? IsPlanar420 : Frame.Format == PixelFormats.PlanarOf(bitDepth);

    /// <summary>The same picture for another holder.</summary>
    public Picture Share() => new(Frame.Share(), PresentationTime);

    /// <summary>One plane of an 8-bit 4:2:0 picture: 0 luma, 1 and 2 chroma. Valid while this picture is held.</summary>
    public ReadOnlySpan<byte> Plane(int index) => IsPlanar420
        ? Frame.Plane(index, PlaneWidth(index), PlaneHeight(index))
        : throw new InvalidOperationException($"The planes of a {PixelFormat} picture cannot be shown as bytes; scale it first.");

    /// <summary>Bytes from one row of a plane to the next.</summary>
    public int Stride(int index) => Frame.Stride(index);

    public int PlaneWidth(int index) => index == 0 ? Width : (Width + 1) / 2;

    public int PlaneHeight(int index) => index == 0 ? Height : (Height + 1) / 2;

    public void Dispose() => Frame.Dispose();
}
