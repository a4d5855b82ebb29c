using Rivet.Live.Core.Native;

namespace Rivet.Live.Core.Encoding;

/// <summary>Lends frames of one size to draw pictures into, and lends each again once its last holder has let go.</summary>
/// <remarks>FFmpeg's own reference count says when: the pool keeps one reference to each frame, and a frame nobody else refers to is writable.</remarks>
internal sealed class PicturePool(AVOffsets offsets, int width, int height, int format) : IDisposable
{
    // More than any queue between scaler and encoder holds. Whoever hoards more gets frames that are not kept.
    private const int MaxKept = 32;

    private readonly List<AVFrameHandle> _kept = [];

    /// <summary>Frames that the pool keeps for ever.</summary>
    public int Kept => _kept.Count;

    /// <summary>A frame with pixels nobody else sees, properties unset.</summary>
    public AVFrameHandle Rent()
    {
        foreach (AVFrameHandle kept in _kept)
        {
            if (kept.IsWritable)
            {
                return kept.Share();
            }
        }

        AVFrameHandle frame = AVFrameHandle.AllocatePicture(offsets, width, height, format);
        if (_kept.Count == MaxKept)
        {
            return frame;
        }

        _kept.Add(frame);
        return frame.Share();
    }

    /// <summary>Gives the pool's references up; pictures still held stay valid.</summary>
    public void Dispose()
    {
        foreach (AVFrameHandle kept in _kept)
        {
            kept.Dispose();
        }

        _kept.Clear();
    }
}
