using Rivet.Live.Core.Native;

namespace Rivet.Live.Core.Encoding;

/// <summary>Pictures that a GPU decoded come into memory and become planar, as scalers want them: the way back of <see cref="EncoderInput"/>.</summary>
/// <param name="offsets">Of the loaded libraries.</param>
internal sealed class PictureDownload(AVOffsets offsets) : IDisposable
{
    private (int Width, int Height, int Format) _shape;
    private PicturePool? _pool;
    private SwsContextHandle? _planar;

    /// <summary>The picture in memory, with its properties.</summary>
    /// <param name="surface">On the device.</param>
    /// <exception cref="CodecException">It is not on the device: FFmpeg decodes in software what a device does not know. Or it is of a format that no encoder of ours takes.</exception>
    /// <exception cref="FFmpegException">The device did not give it.</exception>
    public AVFrameHandle Take(AVFrameHandle surface)
    {
        if (!PixelFormats.IsOnDevice(surface.Format))
        {
            throw new CodecException(EncoderFault.Refused, $"the device does not decode such a stream: its pictures came as {AvUtilFunctions.PixelFormatName(surface.Format)}");
        }

        using AVFrameHandle interleaved = AVFrameHandle.Allocate(offsets);
        AvUtilFunctions.Check(AvUtilFunctions.av_hwframe_transfer_data(interleaved, surface, 0), "av_hwframe_transfer_data", "downloading a picture");
        AVFrameHandle planar = Prepare(interleaved).Rent();
        try
        {
            _planar!.Scale(interleaved, planar);
            planar.CopyPropertiesFrom(surface);
            return planar;
        }
        catch
        {
            planar.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        _planar?.Dispose();
        _pool?.Dispose();
        _planar = null;
        _pool = null;
    }

    private PicturePool Prepare(AVFrameHandle interleaved)
    {
        (int Width, int Height, int Format) shape = (interleaved.Width, interleaved.Height, interleaved.Format);
        if (_pool is not null && shape == _shape)
        {
            return _pool;
        }

        if (shape.Format != AvUtilFunctions.AV_PIX_FMT_NV12 && shape.Format != PixelFormats.P010)
        {
            throw new CodecException(EncoderFault.Refused, $"the device gives {AvUtilFunctions.PixelFormatName(shape.Format)} pictures; nv12 and p010le can be used");
        }

        Dispose();
        int format = PixelFormats.PlanarOf(shape.Format == PixelFormats.P010 ? 10 : 8);
        _planar = SwsContextHandle.Open(
            interleaved, shape.Width, shape.Height, format, SwScaleFunctions.SWS_POINT, isFullRange: true, isChromaCentered: false);
        _shape = shape;
        return _pool = new PicturePool(offsets, shape.Width, shape.Height, format);
    }
}
