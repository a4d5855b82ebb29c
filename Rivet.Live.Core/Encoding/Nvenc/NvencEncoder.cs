using System.Diagnostics.CodeAnalysis;
using Rivet.Live.Core.Buffers;
using Rivet.Live.Core.Media;
using Rivet.Live.Core.Native.Nvenc;

namespace Rivet.Live.Core.Encoding.Nvenc;

/// <summary>An encoder of NVIDIA's, driven without FFmpeg. For one caller at a time.</summary>
internal sealed class NvencEncoder : IVideoEncoder
{
    private readonly NvencSession _session;
    private readonly NvencWaiting _waiting;
    private readonly VideoEncoderSettings _settings;
    private readonly string _label;
    private readonly EncodedStream _stream;
    private readonly NvencBlock _config;
    private readonly NvencBlock _lockInput;
    private readonly NvencBlock _picture;
    private readonly NvencBlock _lockBitstream;
    private readonly NvencOutputs _outputs;
    private readonly Queue<NvencBuffers> _free;
    private readonly Queue<EncodedSample> _ready = new();
    private uint _pictures;
    private bool _isDrained;

    /// <param name="session">Initialised; the encoder's from now on.</param>
    /// <param name="config">What it was initialised with.</param>
    /// <param name="ring">Its buffers.</param>
    /// <param name="settings">What the encoder was asked for.</param>
    /// <param name="payloads">Lends the memory that samples are written to.</param>
    /// <param name="label">What errors call it.</param>
    internal NvencEncoder(
        NvencSession session, NvencBlock config, IEnumerable<NvencBuffers> ring, VideoEncoderSettings settings, PayloadPool payloads, string label)
    {
        _session = session;
        _config = config;
        _free = new Queue<NvencBuffers>(ring);
        _settings = settings;
        _label = label;
        _waiting = new NvencWaiting(EncoderDeadlines.Live.Picture);
        _stream = new EncodedStream(settings, payloads);
        _outputs = new NvencOutputs(NvencConfiguration.DelayOf(config));
        _lockInput = session.Layout.Allocate("NV_ENC_LOCK_INPUT_BUFFER");
        _picture = session.Layout.Allocate("NV_ENC_PIC_PARAMS");
        _lockBitstream = session.Layout.Allocate("NV_ENC_LOCK_BITSTREAM");
    }

    public Task Closed => Task.CompletedTask;

    public TrackDescription? Track => _stream.Track;

    public CodecInvariant? Invariant => _stream.Invariant;

    public void Send(Picture picture, bool forceKeyframe)
    {
        _settings.Require(picture, _label);
        if (_isDrained)
        {
            throw new InvalidOperationException($"{_label} was drained and takes no more pictures; open another encoder.");
        }

        Try(() =>
        {
            while (_free.Count == 0)
            {
                _ready.Enqueue(TakeDue() ?? throw new CodecException($"{_label} takes no picture and gives no sample."));
            }

            NvencBuffers buffers = _free.Dequeue();
            int pitch = Load(picture, buffers.Input);
            Encode(picture, forceKeyframe, buffers, pitch);
        });
    }

    public bool TryReceive([NotNullWhen(true)] out EncodedSample? sample)
    {
        sample = _ready.TryDequeue(out EncodedSample? ready) ? ready : Try(TakeDue);
        return sample is not null;
    }

    public void Drain()
    {
        if (_isDrained)
        {
            return;
        }

        _isDrained = true;
        Try(() =>
        {
            _picture.Clear();
            _picture.View.Set("encodePicFlags", NvencIds.EndOfStream);
            NvencStatus status = _waiting.While(NvencStatus.EncoderBusy, () => _session.TryCall("nvEncEncodePicture", _picture));
            if (status != NvencStatus.NeedMoreInput)
            {
                _session.Check("nvEncEncodePicture", status);
            }

            _outputs.End();
        });
    }

    /// <summary>Another bit rate from the next picture on, without a keyframe.</summary>
    /// <exception cref="CodecException">The encoder failed.</exception>
    public void ChangeBitrate(int bitrateBps) => Try(() =>
    {
        VideoEncoderSettings changed = _settings with { BitrateBps = bitrateBps };
        NvencBlock parameters = _session.Layout.Allocate("NV_ENC_RECONFIGURE_PARAMS");
        NvencView initialize = parameters.View.Inside("reInitEncodeParams", "NV_ENC_INITIALIZE_PARAMS");
        initialize.CopyFrom(_session.Layout.Allocate("NV_ENC_INITIALIZE_PARAMS").View);
        NvencRate.Apply(_config.View.Inside("rcParams", "NV_ENC_RC_PARAMS"), changed);
        NvencConfiguration.Initialize(initialize, changed, _config);
        _session.Call("nvEncReconfigureEncoder", parameters);
        GC.KeepAlive(_config);
    });

    public void Dispose()
    {
        while (_ready.TryDequeue(out EncodedSample? sample))
        {
            sample.Dispose();
        }

        _session.Dispose();
    }

    /// <returns>The buffer's pitch.</returns>
    private int Load(Picture picture, nint input)
    {
        _lockInput.Clear();
        _lockInput.View.Set("inputBuffer", input);
        NvencStatus status = _waiting.While(NvencStatus.LockBusy, () => _session.TryCall("nvEncLockInputBuffer", _lockInput));
        _session.Check("nvEncLockInputBuffer", status);
        try
        {
            int pitch = (int)_lockInput.View.Get("pitch");
            NvencPixels.Write(picture, NvencSession.MemoryOf(_lockInput, "bufferDataPtr", NvencPixels.BytesOf(pitch, picture.Height)), pitch);
            return pitch;
        }
        finally
        {
            _session.Call("nvEncUnlockInputBuffer", input);
        }
    }

    private void Encode(Picture picture, bool forceKeyframe, NvencBuffers buffers, int pitch)
    {
        _picture.Clear();
        NvencView view = _picture.View;
        view.Set("inputWidth", _settings.Width);
        view.Set("inputHeight", _settings.Height);
        view.Set("inputPitch", pitch);
        view.Set("encodePicFlags", forceKeyframe || _pictures == 0 ? NvencIds.ForceIdr : 0);
        view.Set("frameIdx", _pictures++);
        view.Set("inputTimeStamp", picture.PresentationTime);
        view.Set("inputBuffer", buffers.Input);
        view.Set("outputBitstream", buffers.Bitstream);
        view.Set("bufferFmt", NvencPixels.FormatOf(_settings.BitDepth));
        view.Set("pictureStruct", NvencIds.Frame);
        NvencConfiguration.ApplyPicture(view, _settings.Codec);
        NvencStatus status = _waiting.While(NvencStatus.EncoderBusy, () => _session.TryCall("nvEncEncodePicture", _picture));
        if (status != NvencStatus.NeedMoreInput)
        {
            _session.Check("nvEncEncodePicture", status);
        }

        _outputs.Sent(new NvencOutput(buffers, picture.PresentationTime), isAccepted: status == NvencStatus.Success);
    }

    /// <summary>Waits for the sample that is due; null where none is.</summary>
    private EncodedSample? TakeDue()
    {
        if (_outputs.Due is not { } output)
        {
            return null;
        }

        NvencStatus status = _waiting.While(NvencStatus.LockBusy, () => Lock(output));
        if (status == NvencStatus.LockBusy)
        {
            throw new CodecException(
                EncoderFault.Hung, $"{_label}: nvEncLockBitstream answered with 13 (LOCK_BUSY) for {_waiting.Patience.TotalSeconds:0.#} s: the device hangs.");
        }

        _session.Check("nvEncLockBitstream", status);
        EncodedSample sample;
        try
        {
            sample = Read(output);
        }
        finally
        {
            _session.Call("nvEncUnlockBitstream", output.Buffers.Bitstream);
        }

        _outputs.Taken();
        _free.Enqueue(output.Buffers);
        return sample;
    }

    private NvencStatus Lock(NvencOutput output)
    {
        _lockBitstream.Clear();
        _lockBitstream.View.Set("doNotWait", 1);
        _lockBitstream.View.Set("outputBitstream", output.Buffers.Bitstream);
        return _session.TryCall("nvEncLockBitstream", _lockBitstream);
    }

    private EncodedSample Read(NvencOutput output)
    {
        NvencView view = _lockBitstream.View;
        int bytes = (int)view.Get("bitstreamSizeInBytes");
        if (bytes == 0 || view.Get("outputTimeStamp") != output.PresentationTime)
        {
            throw new CodecException($"{_label} gave {bytes} bytes for {view.Get("outputTimeStamp")} where those of {output.PresentationTime} were due.");
        }

        bool isKeyframe = view.Get("pictureType") == NvencIds.Idr;
        ReadOnlySpan<byte> data = NvencSession.MemoryOf(_lockBitstream, "bitstreamBufferPtr", bytes);
        return new EncodedSample(output.PresentationTime, output.PresentationTime, isKeyframe, _stream.Take(data, isKeyframe));
    }

    private void Try(Action work) => Try(() =>
    {
        work();
        return true;
    });

    /// <exception cref="CodecException">What the driver said, and what follows from it.</exception>
    private T Try<T>(Func<T> work)
    {
        try
        {
            return work();
        }
        catch (NvencException failed)
        {
            throw NvencVerdicts.Explain(_label, failed, isOpening: false);
        }
        catch (CudaException failed)
        {
            throw NvencVerdicts.Explain(_label, failed);
        }
    }
}
