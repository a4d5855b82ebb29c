using System.Diagnostics.CodeAnalysis;
using Rivet.Live.Core.Native;

namespace Rivet.Live.Core.Encoding;

/// <summary>Scales pictures to one size, planar 4:2:0 out. For one caller at a time; what it returns may be shared between threads.</summary>
internal sealed class PictureScaler : IDisposable
{
    private const int Planes = 3;
    private const int ChromaCenter = 2;
    private const int ChromaTopLeft = 3;

    private readonly int _width;
    private readonly int _height;
    private readonly bool _keepsDepth;
    private readonly bool _mayUseOwn;
    private readonly AVOffsets _offsets;
    private int? _bitDepth;
    private PicturePool? _pool;
    private PlaneScaler[]? _planes;
    private SwsContextHandle? _software;
    private SourceShape _shape;

    /// <param name="library">The loaded FFmpeg.</param>
    /// <param name="width">Width of every picture that comes out.</param>
    /// <param name="height">Height of every picture that comes out.</param>
    /// <param name="keepsDepth">Where the first picture has more than 8 bits, all come out with 10; otherwise all have 8.</param>
    /// <param name="mayUseOwn">False leaves everything to libswscale: to compare with.</param>
    public PictureScaler(FFmpegLibrary library, int width, int height, bool keepsDepth = false, bool mayUseOwn = true)
    {
        _width = width;
        _height = height;
        _keepsDepth = keepsDepth;
        _mayUseOwn = mayUseOwn;
        _offsets = library.Offsets;
    }

    /// <summary>Frames kept for pictures to come.</summary>
    internal int PooledFrames => _pool?.Kept ?? 0;

    /// <summary>True where the last picture went through our own scaler, false where libswscale had to do it.</summary>
    internal bool IsOwnScaler => _planes is not null;

    /// <summary>The picture at the output size, with the time, colours and pixel shape of the source. The caller keeps its hold on the source.</summary>
    /// <exception cref="CodecException">libswscale cannot read the source's pixel format.</exception>
    public Picture Scale(Picture source)
    {
        int bitDepth = _bitDepth ??= _keepsDepth && source.BitDepth > 8 ? 10 : 8;
        if (source.Width == _width && source.Height == _height && source.IsPlanar420Of(bitDepth))
        {
            return source.Share();
        }

        AVFrameHandle? frame = null;
        try
        {
            PrepareFor(source, bitDepth);
            frame = _pool.Rent();
            frame.CopyPropertiesFrom(source.Frame);
            for (int plane = 0; plane < Planes && _planes is not null; plane++)
            {
                _planes[plane].Scale(source.Frame, frame, plane);
            }

            _software?.Scale(source.Frame, frame);
            return new Picture(frame, source.PresentationTime);
        }
        catch (FFmpegException failed)
        {
            frame?.Dispose();
            throw CodecException.Of(failed);
        }
    }

    public void Dispose()
    {
        _software?.Dispose();
        _pool?.Dispose();
    }

    [MemberNotNull(nameof(_pool))]
    private void PrepareFor(Picture source, int bitDepth)
    {
        PictureColor color = source.Color;
        SourceShape shape = new(source.Width, source.Height, source.Frame.Format, color.IsFullRange, color.ChromaLocation);
        if (shape == _shape && _pool is not null)
        {
            return;
        }

        // Forgotten first: should libswscale refuse, the next picture must not find half a preparation.
        _shape = default;
        int format = PixelFormats.PlanarOf(bitDepth);
        _pool ??= new PicturePool(_offsets, _width, _height, format);
        _software?.Dispose();
        _software = null;
        _planes = source.IsPlanar420 && bitDepth == 8 && _mayUseOwn ? TryOwnScaler(shape) : null;
        if (_planes is null)
        {
            bool isCentered = shape.ChromaLocation == ChromaCenter;
            _software = SwsContextHandle.Open(source.Frame, _width, _height, format, SwScaleFunctions.SWS_BICUBIC, shape.IsFullRange, isCentered);
        }

        _shape = shape;
    }

    private PlaneScaler[]? TryOwnScaler(SourceShape shape)
    {
        // A chroma sample that sits left of its pixel pair must sit left of it in the output too: scaled about its centre, colours
        // would drift a little to the right with every rung. Streams that do not say mean left.
        double left = shape.ChromaLocation == ChromaCenter ? 0 : ChromaShift(shape.Width, _width);
        double top = shape.ChromaLocation == ChromaTopLeft ? ChromaShift(shape.Height, _height) : 0;
        PlaneScaler? luma = PlaneScaler.TryCreate((shape.Width, shape.Height), (_width, _height), (0, 0));
        PlaneScaler? chroma = PlaneScaler.TryCreate(
            ((shape.Width + 1) / 2, (shape.Height + 1) / 2), ((_width + 1) / 2, (_height + 1) / 2), (left, top));
        return luma is null || chroma is null ? null : [luma, chroma, chroma];
    }

    // Half a luma pixel is a quarter of a chroma pixel, in the source and, scaled, in the output.
    private static double ChromaShift(int source, int target) => 0.25 * (1 - ((double)source / target));

    private readonly record struct SourceShape(int Width, int Height, int Format, bool IsFullRange, int ChromaLocation);
}
