using System.Diagnostics.CodeAnalysis;
using Rivet.Live.Core.Buffers;
using Rivet.Live.Core.Encoding;
using Rivet.Live.Core.Media;

namespace Rivet.Live.Core.Devices;

/// <summary>An encoder of a device that can hang: its calls are made by a thread of its own and have a deadline.</summary>
/// <remarks>One call to the thread per picture, which brings the samples back. A device that hangs keeps what it was given until it comes back.</remarks>
internal sealed class WatchedEncoder : IVideoEncoder
{
    private readonly EncoderThread _thread;
    private readonly TimeSpan _deadline;
    private readonly string _label;
    private readonly Queue<EncodedSample> _ready = new();

    // Touched by the thread's jobs alone.
    private IVideoEncoder? _encoder;

    private WatchedEncoder(EncoderThread thread, TimeSpan deadline, string label)
    {
        _thread = thread;
        _deadline = deadline;
        _label = label;
    }

    public Task Closed => _thread.Ended;

    public TrackDescription? Track { get; private set; }

    public CodecInvariant? Invariant { get; private set; }

    /// <param name="backend">Whose encoder it is.</param>
    /// <param name="settings">As for <see cref="IEncoderBackend.Open"/>.</param>
    /// <param name="payloads">As for <see cref="IEncoderBackend.Open"/>.</param>
    /// <param name="label">Names it in log lines.</param>
    /// <param name="deadlines">How long a call may take.</param>
    /// <exception cref="CodecException">It could not be opened, or not in time.</exception>
    public static WatchedEncoder Open(
        IEncoderBackend backend, VideoEncoderSettings settings, PayloadPool payloads, string label, EncoderDeadlines deadlines)
    {
        WatchedEncoder watched = new(new EncoderThread(label), deadlines.PerPicture(settings.FrameRate), label);
        try
        {
            watched._thread.Run(() => watched._encoder = backend.Open(settings, payloads, label), static () => { }, deadlines.Open, label);
            return watched;
        }
        catch
        {
            watched.Dispose();
            throw;
        }
    }

    public void Send(Picture picture, bool forceKeyframe)
    {
        // The thread's own hold: a call that is not waited for must not lose its pixels.
        Picture held = picture.Share();
        Call(encoder =>
        {
            using (held)
            {
                encoder.Send(held, forceKeyframe);
            }
        });
    }

    public bool TryReceive([NotNullWhen(true)] out EncodedSample? sample) => _ready.TryDequeue(out sample);

    public void Drain() => Call(static encoder => encoder.Drain());

    public void Dispose()
    {
        while (_ready.TryDequeue(out EncodedSample? sample))
        {
            sample.Dispose();
        }

        _thread.End(() => _encoder?.Dispose());
    }

    private void Call(Action<IVideoEncoder> call)
    {
        List<EncodedSample> samples = [];
        TrackDescription? track = null;
        CodecInvariant? invariant = null;
        _thread.Run(
            () =>
            {
                call(_encoder!);
                while (_encoder!.TryReceive(out EncodedSample? sample))
                {
                    samples.Add(sample);
                }

                track = _encoder.Track;
                invariant = _encoder.Invariant;
            },
            () => samples.ForEach(static sample => sample.Dispose()),
            _deadline,
            _label);
        Track = track;
        Invariant = invariant;
        samples.ForEach(_ready.Enqueue);
    }
}
