using System.Collections.Concurrent;

namespace Rivet.Live.Core.Drains;

/// <summary>A thread of its own for one drain, as a task scheduler: codec calls take tens of milliseconds and must not hold a pool thread.</summary>
internal sealed class DrainThread : TaskScheduler, IDisposable
{
    private readonly BlockingCollection<Task> _work = [];
    private readonly Lock _ending = new();

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
        lock (_ending)
        {
            _work.CompleteAdding();
        }
    }

    protected override void QueueTask(Task task) => _work.Add(task);

    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) => false;

    protected override IEnumerable<Task> GetScheduledTasks() => [.. _work];

    private void Run(Action prepare)
    {
        prepare();
        foreach (Task task in _work.GetConsumingEnumerable())
        {
            TryExecuteTask(task);
        }

        // The thread gets here while whoever said that no more comes may still be saying it.
        lock (_ending)
        {
            _work.Dispose();
        }
    }
}
