using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Rivet.Live.Core.Buffers;

namespace Rivet.Live.Core.Isolation;

/// <summary>Starts children, and keeps one ready: whoever loses a child goes on without waiting for codecs to load.</summary>
/// <remarks>All are started by one thread that lasts as long as the launcher, since the system ends a child with the thread that started it.</remarks>
internal sealed class ChildLauncher : IAsyncDisposable
{
    private readonly IsolationPlan _plan;
    private readonly PayloadPool _payloads;
    private readonly ILoggerFactory _loggers;
    private readonly BlockingCollection<TaskCompletionSource<Child>> _orders = [];
    private readonly Lock _spareLock = new();
    private Task<Child>? _spare;
    private bool _isOver;

    public ChildLauncher(IsolationPlan plan, PayloadPool payloads, ILoggerFactory loggers)
    {
        _plan = plan;
        _payloads = payloads;
        _loggers = loggers;
        new Thread(Run) { IsBackground = true, Name = "starts children" }.Start();
        _spare = OrderAsync();
    }

    /// <summary>How children are started, and what they may take.</summary>
    public IsolationPlan Plan => _plan;

    /// <summary>A child that is ready, the caller's to dispose.</summary>
    /// <exception cref="ChildLostException">None can be started.</exception>
    public async Task<Child> TakeAsync()
    {
        Task<Child> spare;
        lock (_spareLock)
        {
            spare = _spare ?? throw new ChildLostException("The server ends: no children are started any more.");
            _spare = OrderAsync();
        }

        Child child = await spare;
        if (child.Ended.IsCompleted)
        {
            // It waited and ended meanwhile.
            return await TakeAsync();
        }

        try
        {
            await child.Ready;
            return child;
        }
        catch
        {
            child.Dispose();
            throw;
        }
    }

    /// <summary>Ends the spare one, and the thread: all others have to have ended.</summary>
    public async ValueTask DisposeAsync()
    {
        Task<Child>? spare;
        lock (_spareLock)
        {
            if (_isOver)
            {
                return;
            }

            _isOver = true;
            (spare, _spare) = (_spare, null);
        }

        _orders.CompleteAdding();
        try
        {
            (await spare!).Dispose();
        }
        catch (ChildLostException)
        {
            // By design: there is none.
        }
    }

    private Task<Child> OrderAsync()
    {
        TaskCompletionSource<Child> order = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _orders.Add(order);
        _ = order.Task.ContinueWith(static failed => _ = failed.Exception, TaskScheduler.Default);
        return order.Task;
    }

    private void Run()
    {
        foreach (TaskCompletionSource<Child> order in _orders.GetConsumingEnumerable())
        {
            try
            {
                order.SetResult(Child.Start(_plan, _payloads, _loggers));
            }
            catch (Exception failed)
            {
                // By design: told to whoever takes the child, since this thread has no caller.
                order.SetException(new ChildLostException($"{_plan.FileName} cannot be started as a child: {failed.Message}.", failed));
            }
        }

        _orders.Dispose();
    }
}
