using Rivet.Live.Core.Native;

namespace Rivet.Live.Core.Encoding;

/// <summary>Scales pictures to one size, 8-bit 4:2:0 out. For one caller at a time; what it returns may be shared between threads.</summary>
internal sealed class PictureScaler : IDisposable
{
    private readonly int _width;
    private readonly int _height;
    private readonly PicturePool _pool;
    private SwsContextHandle? _software;
    private SourceShape _shape;

    public PictureScaler(FFmpegLibrary library, int width, int height)
    {
        _width = width;
        _height = height;
        _pool = new PicturePool(library.Offsets, width, height);
    }

    /// <summary>Frames kept for pictures to come.</summary>
    internal int PooledFrames => _pool.Kept;

    /// <summary>The picture at the output size, with the time, colours and pixel shape of the source. The caller keeps its hold on the source.</summary>
    /// <exception cref="FFmpegException">libswscale cannot read the source's pixel format.</exception>
    public Picture Scale(Picture source)
    {
        if (source.Width == _width && source.Height == _height && source.IsPlanar420)
        {
            return source.Share();
        }

        SourceShape shape = new(source.Width, source.Height, source.Frame.Format, source.Color.IsFullRange);
        if (shape != _shape)
        {
            _software?.Dispose();
            _software = SwsContextHandle.Open(source.Frame, _width, _height, SwScale.SWS_BICUBIC, shape.IsFullRange);
            _shape = shape;
        }

        AVFrameHandle frame = _pool.Rent();
        try
        {
            frame.CopyPropertiesFrom(source.Frame);
            _software!.Scale(source.Frame, frame);
            return new Picture(frame, source.PresentationTime);
        }
        catch
        {
            frame.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        _software?.Dispose();
        _pool.Dispose();
    }

    private readonly record struct SourceShape(int Width, int Height, int Format, bool IsFullRange);
}
