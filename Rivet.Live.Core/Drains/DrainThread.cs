using System.Diagnostics.CodeAnalysis;

namespace Rivet.Live.Core.Drains;

/// <summary>A thread of its own for one drain, as a task scheduler: codec calls take tens of milliseconds and must not hold a pool thread.</summary>
internal sealed class DrainThread : TaskScheduler, IDisposable
{
    // A monitor: a thread that waits on it sleeps at once, and takes no turns from codecs to look whether there is something. Guards everything below.
    private readonly object _workLock = new();
    private readonly Queue<Task> _work = new();
    private bool _isOver;

    /// <param name="name">Shown by debuggers and profilers.</param>
    /// <param name="prepare">Runs first on the thread, for example to lower its priority.</param>
    public DrainThread(string name, Action prepare)
    {
        var thread = new Thread(() => Run(prepare)) { IsBackground = true, Name = name };
        thread.Start();
    }

    public override int MaximumConcurrencyLevel => 1;

    /// <summary>Starts an asynchronous method here; all of it that follows an await runs here too.</summary>
    public Task<T> RunAsync<T>(Func<Task<T>> method) =>
        Task.Factory.StartNew(method, CancellationToken.None, TaskCreationOptions.DenyChildAttach, this).Unwrap();

    /// <summary>No more work will come: the thread ends when what it has is done.</summary>
    public void Dispose()
    {
        lock (_workLock)
        {
            _isOver = true;
            Monitor.Pulse(_workLock);
        }
    }

    protected override void QueueTask(Task task)
    {
        lock (_workLock)
        {
            ObjectDisposedException.ThrowIf(_isOver, this);
            _work.Enqueue(task);
            Monitor.Pulse(_workLock);
        }
    }

    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) => false;

    protected override IEnumerable<Task> GetScheduledTasks()
    {
        lock (_workLock)
        {
            return [.. _work];
        }
    }

    private void Run(Action prepare)
    {
        prepare();
        while (TryTake(out Task? task))
        {
            TryExecuteTask(task);
        }
    }

    private bool TryTake([NotNullWhen(true)] out Task? task)
    {
        lock (_workLock)
        {
            while (_work.Count == 0 && !_isOver)
            {
                Monitor.Wait(_workLock);
            }

            return _work.TryDequeue(out task);
        }
    }
}
