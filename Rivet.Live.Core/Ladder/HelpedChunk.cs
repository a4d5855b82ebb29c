using System.Diagnostics.CodeAnalysis;
using Rivet.Live.Core.Encoding;
using Rivet.Live.Core.Media;

namespace Rivet.Live.Core.Ladder;

/// <summary>A chunk in the hands of a helper. The helper adds its samples, the rendition takes them once all that comes before is published.</summary>
/// <param name="chunk">Which one.</param>
/// <param name="request">How it is to be encoded.</param>
internal sealed class HelpedChunk(SourceChunk chunk, HelpRequest request)
{
    private readonly Lock _samplesLock = new();
    private readonly Queue<HelpedSample> _samples = new();
    private TaskCompletionSource? _change;
    private HelpOutcome? _outcome;
    private bool _isDropped;

    public MediaTime Start => chunk.Start;

    public MediaTime End => chunk.End;

    public double Seconds => chunk.Seconds;

    public HelpRequest Request => request;

    /// <summary>Nobody wants it any more: the helper can leave.</summary>
    public bool IsDropped
    {
        get
        {
            lock (_samplesLock)
            {
                return _isDropped;
            }
        }
    }

    /// <summary>Completes when there is a sample to take, or the helper is done with the chunk.</summary>
    public Task Changed
    {
        get
        {
            lock (_samplesLock)
            {
                return _samples.Count > 0 || _outcome is not null
                    ? Task.CompletedTask
                    : (_change ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
            }
        }
    }

    /// <summary>The helper's: one more sample, in order, taken over.</summary>
    public void Add(HelpedSample sample)
    {
        lock (_samplesLock)
        {
            if (_isDropped)
            {
                sample.Sample.Dispose();
                return;
            }

            _samples.Enqueue(sample);
            SayChanged();
        }
    }

    /// <summary>The helper's last word on it.</summary>
    public void Finish(HelpOutcome outcome)
    {
        lock (_samplesLock)
        {
            _outcome ??= outcome;
            SayChanged();
        }
    }

    /// <summary>The next sample, which the caller disposes.</summary>
    public bool TryTake([NotNullWhen(true)] out HelpedSample? sample)
    {
        lock (_samplesLock)
        {
            return _samples.TryDequeue(out sample);
        }
    }

    /// <summary>True where no sample is left and none will come.</summary>
    public bool IsOver([NotNullWhen(true)] out HelpOutcome? outcome)
    {
        lock (_samplesLock)
        {
            outcome = _samples.Count == 0 ? _outcome : null;
            return outcome is not null;
        }
    }

    /// <summary>The rendition does not want it any more.</summary>
    public void Drop()
    {
        lock (_samplesLock)
        {
            _isDropped = true;
            while (_samples.TryDequeue(out HelpedSample? sample))
            {
                sample.Sample.Dispose();
            }
        }
    }

    private void SayChanged()
    {
        _change?.SetResult();
        _change = null;
    }
}

/// <summary>One sample of a helper's.</summary>
/// <param name="Picture">The picture that it is.</param>
/// <param name="Sample">Its bytes; whoever has this disposes them.</param>
/// <param name="Track">The init that it needs.</param>
/// <param name="Invariant">What decoders were promised of its stream.</param>
/// <param name="Passed">Pictures before it that the cap of the frame rate left out.</param>
/// <param name="BusySeconds">How long it took.</param>
internal sealed record HelpedSample(
    PictureInEncoder Picture, EncodedSample Sample, TrackDescription Track, CodecInvariant Invariant, int Passed, double BusySeconds);

/// <summary>How a helper's work on a chunk ended.</summary>
/// <param name="Passed">Pictures behind the last sample that the cap of the frame rate left out.</param>
/// <param name="Failure">What went wrong, where the rendition has to encode the rest itself.</param>
internal sealed record HelpOutcome(int Passed, (EncoderFault Fault, string Why)? Failure);
