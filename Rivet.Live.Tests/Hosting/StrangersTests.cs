using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;
using Rivet.Live.Hosting;
using Rivet.Live.Tests.Support;
using Xunit;

namespace Rivet.Live.Tests.Hosting;

/// <summary>Connections that make no request: they make room for each other, and for nobody else's sake does anybody go who asked something.</summary>
public sealed class StrangersTests
{
    [Fact]
    public async Task Connections_ThatSayNothing_MakeRoomForTheNext()
    {
        Strangers strangers = new(max: 2);
        TaskCompletionSource over = new();
        DefaultConnectionContext[] connections = [.. Enumerable.Range(0, 5).Select(static _ => new DefaultConnectionContext())];
        List<Task> running = [];
        foreach (DefaultConnectionContext connection in connections)
        {
            running.Add(strangers.RunAsync(connection, _ => over.Task));
            if (connection == connections[0])
            {
                Strangers.Greet(new DefaultHttpContext(connection.Features));
            }
        }

        await Eventually.TrueAsync(
            () => connections.Count(static connection => connection.ConnectionClosed.IsCancellationRequested) == 2, "two of the four that said nothing had to go");
        Assert.Equal([false, true, true, false, false], connections.Select(static connection => connection.ConnectionClosed.IsCancellationRequested));
        Assert.Equal(2, strangers.Count);

        over.SetResult();
        await Task.WhenAll(running);
        Assert.Equal(0, strangers.Count);
    }
}
