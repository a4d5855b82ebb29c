using Rivet.Live.Core.Native;

namespace Rivet.Live.Core.Encoding;

/// <summary>Planar pictures become what an encoder takes: the same, with interleaved chroma, or on a surface of the device.</summary>
internal sealed class EncoderInput : IDisposable
{
    private readonly int _planar;
    private readonly int _interleaved;
    private readonly AVHWFramesContextHandle? _surfaces;
    private readonly PicturePool? _pool;
    private SwsContextHandle? _interleaver;

    /// <param name="offsets">Of the loaded libraries.</param>
    /// <param name="settings">The encoder's.</param>
    /// <param name="interleaves">True for encoders that do not take planar pictures.</param>
    /// <param name="surfaces">Where pictures are uploaded to; null for encoders that do it themselves.</param>
    internal EncoderInput(AVOffsets offsets, VideoEncoderSettings settings, bool interleaves, AVHWFramesContextHandle? surfaces)
    {
        _planar = PixelFormats.PlanarOf(settings.BitDepth);
        _interleaved = PixelFormats.InterleavedOf(settings.BitDepth);
        _surfaces = surfaces;
        _pool = interleaves ? new PicturePool(offsets, settings.Width, settings.Height, _interleaved) : null;
    }

    /// <summary>Opens the encoder's device, where it has one, and tells the encoder of it and of its pixel format.</summary>
    /// <exception cref="CodecException">The device cannot be opened.</exception>
    /// <exception cref="FFmpegException">It has no surfaces of this size and depth.</exception>
    public static EncoderInput Open(FFmpegLibrary library, VideoEncoderSettings settings, AVCodecContextHandle context)
    {
        // NVENC takes planar pictures of 8 bits as they are.
        bool interleaves = settings.Api is EncoderApi.Qsv or EncoderApi.Vaapi || (settings.Api == EncoderApi.Nvenc && settings.BitDepth > 8);
        context.PixelFormat = interleaves ? PixelFormats.InterleavedOf(settings.BitDepth) : PixelFormats.PlanarOf(settings.BitDepth);
        if (settings.Node is null)
        {
            return new EncoderInput(library.Offsets, settings, interleaves, surfaces: null);
        }

        using AVHWDeviceContextHandle device = settings.Node.Open();
        if (settings.Api != EncoderApi.Vaapi)
        {
            context.SetHardwareDevice(device);
            return new EncoderInput(library.Offsets, settings, interleaves, surfaces: null);
        }

        AVHWFramesContextHandle surfaces = AVHWFramesContextHandle.Open(
            library.Offsets, device, PixelFormats.Vaapi, context.PixelFormat, settings.Width, settings.Height);
        context.PixelFormat = PixelFormats.Vaapi;
        context.SetHardwareFrames(surfaces);
        return new EncoderInput(library.Offsets, settings, interleaves, surfaces);
    }

    /// <summary>Lets a frame stand on the picture as the encoder takes it, with the picture's properties.</summary>
    public void Load(Picture picture, AVFrameHandle frame)
    {
        if (_pool is null)
        {
            frame.ReferTo(picture.Frame);

            // A full-range picture has a format of its own; encoders want the plain one, and the range beside it.
            frame.Format = _planar;
            return;
        }

        using AVFrameHandle interleaved = Interleave(picture, _pool);
        if (_surfaces is null)
        {
            frame.ReferTo(interleaved);
        }
        else
        {
            _surfaces.Upload(interleaved, frame);
        }
    }

    public void Dispose()
    {
        _interleaver?.Dispose();
        _pool?.Dispose();
        _surfaces?.Dispose();
    }

    private AVFrameHandle Interleave(Picture picture, PicturePool pool)
    {
        AVFrameHandle interleaved = pool.Rent();
        try
        {
            _interleaver ??= SwsContextHandle.Open(
                picture.Frame, picture.Width, picture.Height, _interleaved, SwScaleFunctions.SWS_POINT, picture.Color.IsFullRange, isChromaCentered: false);
            _interleaver.Scale(picture.Frame, interleaved);
            interleaved.CopyPropertiesFrom(picture.Frame);
            return interleaved;
        }
        catch
        {
            interleaved.Dispose();
            throw;
        }
    }
}
