namespace Rivet.Live.Endpoints;

/// <summary>Cuts off viewers that do not take their answers: what is being sent is held in memory until it is gone.</summary>
/// <remarks>
/// Kestrel's own least rate is no help: it sets bytes that went fast long ago against those that stand still now, so that a viewer of an hour
/// could stand still for days.
/// </remarks>
internal static class SlowReaders
{
    /// <summary>Less than any rendition needs, so who reads slower does not play.</summary>
    private const double BytesPerSecond = 4096;

    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(10);

    /// <summary>Waits until the writing is done.</summary>
    /// <param name="writing">Of the answer's bytes.</param>
    /// <param name="bytes">How many.</param>
    /// <param name="context">Whose connection is aborted where it takes too long.</param>
    /// <param name="time">The clock.</param>
    public static ValueTask BearAsync(ValueTask writing, long bytes, HttpContext context, TimeProvider time) =>
        writing.IsCompletedSuccessfully ? default : WatchAsync(writing.AsTask(), Grace + TimeSpan.FromSeconds(bytes / BytesPerSecond), context, time);

    private static async ValueTask WatchAsync(Task writing, TimeSpan limit, HttpContext context, TimeProvider time)
    {
        await using (time.CreateTimer(static context => ((HttpContext)context!).Abort(), context, limit, Timeout.InfiniteTimeSpan))
        {
            await writing;
        }
    }
}
