using Rivet.Live.Tests.Support;
using Xunit;

namespace Rivet.Live.Tests.Nvsim;

/// <summary>A publisher that goes on until it is told to end, so that a busy machine has the time it needs.</summary>
internal sealed class EndlessBroadcast(FfmpegPublisher publisher, TaskCompletionSource end) : IAsyncDisposable
{
    /// <summary>Ends it as a publisher does that has said all.</summary>
    public async Task EndAsync()
    {
        end.TrySetResult();
        Assert.Equal(0, await publisher.WaitForExitAsync());
    }

    public async ValueTask DisposeAsync()
    {
        end.TrySetResult();
        await publisher.DisposeAsync();
    }
}
