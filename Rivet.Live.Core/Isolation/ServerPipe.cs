using Rivet.Live.Core.Broadcast;

namespace Rivet.Live.Core.Isolation;

/// <summary>
/// What a child says goes to the server on the thread that says it: media has no further thread to wait for. The server always reads, and a child whose server
/// does not has nothing to do but wait.
/// </summary>
/// <param name="pipe">Closed at the end.</param>
/// <param name="failed">Called where the server takes nothing any more.</param>
internal sealed class ServerPipe(Stream pipe, Action failed) : IDisposable
{
    private readonly Lock _pipeLock = new();
    private readonly MessageWriter _writer = new();
    private bool _isOver;

    /// <summary>Does nothing after the end.</summary>
    /// <param name="message">Taken over.</param>
    public void Send(Message message)
    {
        using Fragment? fragment = MessageWriter.FragmentIn(message);
        try
        {
            lock (_pipeLock)
            {
                if (!_isOver)
                {
                    pipe.Write(_writer.Frame(message).Span);
                }
            }
        }
        catch (IOException)
        {
            failed();
        }
    }

    public void Dispose()
    {
        lock (_pipeLock)
        {
            _isOver = true;
            pipe.Dispose();
        }
    }
}
