using Xunit;

namespace Rivet.Live.Tests.Support;

/// <summary>How long tests wait for what must come: far longer than a busy machine needs, so only what is broken gets there.</summary>
internal static class Patience
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(50);

    public static TimeSpan Long { get; } = TimeSpan.FromSeconds(60);

    /// <summary>Waits until the condition holds; fails with its description when it never does.</summary>
    public static async Task UntilAsync(Func<Task<bool>> condition, string description)
    {
        long began = TimeProvider.System.GetTimestamp();
        while (!await condition())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(began) < Long, $"Waited {Long.TotalSeconds:0} s in vain until {description}.");
            await Task.Delay(Poll, TimeProvider.System);
        }
    }
}
