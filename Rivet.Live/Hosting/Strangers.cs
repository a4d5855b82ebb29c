using Microsoft.AspNetCore.Connections;

namespace Rivet.Live.Hosting;

/// <summary>
/// Connections that have made no request yet. So many are borne; the one that has waited longest makes room for the next. Whoever has something to ask
/// asks at once, so that a crowd that says nothing, or says it letter by letter, pushes out only itself.
/// </summary>
/// <param name="max">How many.</param>
internal sealed class Strangers(int max)
{
    private readonly Lock _strangersLock = new();
    private readonly LinkedList<ConnectionContext> _strangers = new();

    /// <summary>How many there are.</summary>
    public int Count
    {
        get
        {
            lock (_strangersLock)
            {
                return _strangers.Count;
            }
        }
    }

    /// <summary>Runs a connection, a stranger until <see cref="Greet"/>.</summary>
    public async Task RunAsync(ConnectionContext connection, ConnectionDelegate next)
    {
        Stranger stranger = new(this, connection);
        connection.Features.Set(stranger);
        ConnectionContext? oldest = Admit(stranger);
        oldest?.Abort(new ConnectionAbortedException($"It made no request, as {max} others since."));
        try
        {
            await next(connection);
        }
        finally
        {
            stranger.Greet();
        }
    }

    /// <summary>A request came whole: its connection is no stranger's any more.</summary>
    public static void Greet(HttpContext context) => context.Features.Get<Stranger>()?.Greet();

    private ConnectionContext? Admit(Stranger stranger)
    {
        lock (_strangersLock)
        {
            _strangers.AddLast(stranger.Place);
            if (_strangers.Count <= max)
            {
                return null;
            }

            ConnectionContext oldest = _strangers.First!.Value;
            _strangers.RemoveFirst();
            return oldest;
        }
    }

    private void Remove(LinkedListNode<ConnectionContext> place)
    {
        lock (_strangersLock)
        {
            if (place.List is not null)
            {
                _strangers.Remove(place);
            }
        }
    }

    private sealed class Stranger(Strangers strangers, ConnectionContext connection)
    {
        private bool _isGreeted;

        public LinkedListNode<ConnectionContext> Place { get; } = new(connection);

        public void Greet()
        {
            if (!_isGreeted)
            {
                _isGreeted = true;
                strangers.Remove(Place);
            }
        }
    }
}
