using Rivet.Live.Core.Encoding;

namespace Rivet.Live.Core.Devices;

/// <summary>A thread that makes one encoder's calls, so that whoever wants them made can stop waiting for one that hangs.</summary>
/// <remarks>
/// Abandoned, the thread outlives its owner for as long as the call hangs; it then runs the last job and ends. Nothing that a job touches
/// may be touched by anybody else from then on.
/// </remarks>
internal sealed class EncoderThread
{
    // A monitor, since both sides wait on it. Guards everything below.
    private readonly object _jobLock = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Action? _job;
    private Action? _undo;
    private Action? _last;
    private Exception? _failure;
    private bool _isAbandoned;

    /// <param name="name">Shown by debuggers and profilers.</param>
    public EncoderThread(string name) => new Thread(Run) { IsBackground = true, Name = name }.Start();

    /// <summary>Completes when the thread has ended.</summary>
    public Task Ended => _ended.Task;

    /// <summary>Has a job done on a thread of its own. Why it was not done, or not in time; null where it was.</summary>
    public static string? WhyNot(Action job, TimeSpan deadline, string label)
    {
        EncoderThread thread = new(label);
        try
        {
            thread.Run(job, static () => { }, deadline, label);
            return null;
        }
        catch (CodecException failed)
        {
            return failed.Message;
        }
        finally
        {
            thread.End(static () => { });
        }
    }

    /// <summary>Has the job done and waits for it. What it throws is thrown here.</summary>
    /// <param name="job">Runs on the thread.</param>
    /// <param name="undo">Runs there after a job that threw or that nobody waited for: gives up what it made.</param>
    /// <param name="deadline">How long to wait.</param>
    /// <param name="label">Names the encoder in the error text.</param>
    /// <exception cref="CodecException">It was not done in time; the thread is abandoned.</exception>
    public void Run(Action job, Action undo, TimeSpan deadline, string label)
    {
        lock (_jobLock)
        {
            ObjectDisposedException.ThrowIf(_isAbandoned || _last is not null, this);
            _job = job;
            _undo = undo;
            _failure = null;
            Monitor.PulseAll(_jobLock);
            long began = TimeProvider.System.GetTimestamp();
            while (_job is not null)
            {
                TimeSpan left = deadline - TimeProvider.System.GetElapsedTime(began);
                if (left <= TimeSpan.Zero || !Monitor.Wait(_jobLock, left))
                {
                    _isAbandoned = _job is not null;
                    break;
                }
            }

            if (_isAbandoned)
            {
                throw new CodecException(EncoderFault.Hung, $"{label} did not answer within {deadline.TotalSeconds:0.###} s.");
            }

            if (_failure is { } failure)
            {
                throw failure as CodecException ?? new CodecException(failure.Message, failure);
            }
        }
    }

    /// <summary>Ends the thread, with a last job that runs in any case, after whatever hangs.</summary>
    public void End(Action last)
    {
        lock (_jobLock)
        {
            _last ??= last;
            Monitor.PulseAll(_jobLock);
        }
    }

    private void Run()
    {
        Codecs.PrepareThread();
        while (Take() is { } job)
        {
            Exception? failure = null;
            try
            {
                job();
            }
            catch (Exception exception)
            {
                // By design: thrown again to whoever wanted the job done.
                failure = exception;
                _undo!();
            }

            bool isUnwanted;
            lock (_jobLock)
            {
                isUnwanted = _isAbandoned && failure is null;
                _failure = failure;
                _job = null;
                Monitor.PulseAll(_jobLock);
            }

            if (isUnwanted)
            {
                _undo!();
            }
        }

        try
        {
            _last!();
        }
        finally
        {
            _ended.SetResult();
        }
    }

    private Action? Take()
    {
        lock (_jobLock)
        {
            while (_job is null && _last is null)
            {
                Monitor.Wait(_jobLock);
            }

            return _job;
        }
    }
}
