namespace Rivet.Live.Core.Stats;

/// <summary>One snapshot in the row of snapshots, shared by all who follow them. <see cref="Next"/> completes when a newer one replaces it.</summary>
internal sealed class StatsMoment(LiveStats stats)
{
    private readonly TaskCompletionSource<StatsMoment> _next = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public LiveStats Stats => stats;

    public Task<StatsMoment> Next => _next.Task;

    public void ReplaceWith(StatsMoment next) => _next.SetResult(next);
}
