namespace Rivet.Live.Core.Ingest;

/// <summary>Work that goes on for as long as a broadcast is open.</summary>
internal static class OpenWork
{
    /// <param name="work">Ends by itself, or when its token is cancelled.</param>
    /// <param name="whenClosed">Cancels it, which is its right end.</param>
    /// <param name="stopping">Cancels it, and the caller hears of it.</param>
    public static async Task RunAsync(Func<CancellationToken, Task> work, Task whenClosed, CancellationToken stopping)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        Task working = work(over.Token);
        await Task.WhenAny(working, whenClosed);
        await over.CancelAsync();
        try
        {
            await working;
        }
        catch (OperationCanceledException) when (!stopping.IsCancellationRequested)
        {
            // By design: there is nothing left to do.
        }
    }
}
