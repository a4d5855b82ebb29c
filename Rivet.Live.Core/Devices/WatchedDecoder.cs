using System.Diagnostics.CodeAnalysis;
using Rivet.Live.Core.Encoding;
using Rivet.Live.Core.Media;

namespace Rivet.Live.Core.Devices;

/// <summary>A decoder of a device that can hang: its calls are made by a thread of its own and have a deadline.</summary>
/// <remarks>One call to the thread per sample, which brings the pictures back.</remarks>
internal sealed class WatchedDecoder : IDisposable
{
    private readonly EncoderThread _thread;
    private readonly EncoderDeadlines _deadlines;
    private readonly string _label;
    private readonly Queue<Picture> _ready = new();

    // Touched by the thread's jobs alone.
    private IVideoDecoder? _decoder;

    private WatchedDecoder(EncoderDeadlines deadlines, string label)
    {
        _thread = new EncoderThread(label);
        _deadlines = deadlines;
        _label = label;
    }

    /// <summary>Completes when the device's decoder is really closed.</summary>
    public Task Closed => _thread.Ended;

    /// <exception cref="CodecException">It could not be opened, or not in time.</exception>
    public static WatchedDecoder Open(IEncoderBackend backend, TrackDescription track, string label, EncoderDeadlines deadlines)
    {
        WatchedDecoder watched = new(deadlines, label);
        try
        {
            watched._thread.Run(() => watched._decoder = backend.OpenDecoder(track, label), static () => { }, deadlines.Open, label);
            return watched;
        }
        catch
        {
            watched.Dispose();
            throw;
        }
    }

    /// <inheritdoc cref="IVideoDecoder.Send"/>
    public void Send(CompressedSample sample) => Call(decoder => decoder.Send(sample.Bytes, sample.DecodeTime, sample.PresentationTime, sample.IsSync));

    /// <inheritdoc cref="IVideoDecoder.TryReceive"/>
    public bool TryReceive([NotNullWhen(true)] out Picture? picture) => _ready.TryDequeue(out picture);

    /// <inheritdoc cref="IVideoDecoder.Drain"/>
    public void Drain() => Call(static decoder => decoder.Drain());

    /// <inheritdoc cref="IVideoDecoder.Reset"/>
    public void Reset()
    {
        DropReady();
        Call(static decoder => decoder.Reset());
        DropReady();
    }

    public void Dispose()
    {
        DropReady();
        _thread.End(() => _decoder?.Dispose());
    }

    private void Call(Action<IVideoDecoder> call)
    {
        List<Picture> pictures = [];
        _thread.Run(
            () =>
            {
                call(_decoder!);
                while (_decoder!.TryReceive(out Picture? picture))
                {
                    pictures.Add(picture);
                }
            },
            () => pictures.ForEach(static picture => picture.Dispose()),
            _deadlines.Picture,
            _label);
        pictures.ForEach(_ready.Enqueue);
    }

    private void DropReady()
    {
        while (_ready.TryDequeue(out Picture? picture))
        {
            picture.Dispose();
        }
    }
}
