using System.Collections.Concurrent;
using Rivet.Live.Core.Broadcast;

namespace Rivet.Live.Core.Isolation;

/// <summary>Sends messages to a child, in order, on a thread of its own: nobody in the server waits for a child that hangs.</summary>
internal sealed class Outbox : IDisposable
{
    /// <summary>Messages that may wait: half a minute of a source with sixty fragments a second, and as much again.</summary>
    private const int MessagesMax = 4096;

    /// <summary>Media that may wait, in bytes; one fragment always may.</summary>
    private const long BytesMax = 256 << 20;

    private readonly Stream _pipe;
    private readonly Action<Exception> _failed;
    private readonly BlockingCollection<Message> _waiting = new(MessagesMax);
    private long _waitingBytes;
    private int _isOver;

    /// <param name="pipe">Closed at the end.</param>
    /// <param name="name">Of the thread.</param>
    /// <param name="failed">Called once where the other side takes nothing any more.</param>
    public Outbox(Stream pipe, string name, Action<Exception> failed)
    {
        _pipe = pipe;
        _failed = failed;
        new Thread(Run) { IsBackground = true, Name = name }.Start();
    }

    /// <summary>False where so much waits that the other side must be stuck; also after the end.</summary>
    /// <param name="message">Taken over, also where it is not sent.</param>
    public bool TrySend(Message message)
    {
        long bytes = MessageWriter.FragmentIn(message)?.PayloadBytes ?? 0;
        long waiting = Interlocked.Add(ref _waitingBytes, bytes);
        if ((waiting == bytes || waiting <= BytesMax) && TryAdd(message))
        {
            return true;
        }

        Interlocked.Add(ref _waitingBytes, -bytes);
        MessageWriter.FragmentIn(message)?.Dispose();
        return false;
    }

    /// <summary>What waits is sent, then the pipe is closed. Does not wait for that.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _isOver, 1) == 0)
        {
            _waiting.CompleteAdding();
        }
    }

    private bool TryAdd(Message message)
    {
        try
        {
            return _waiting.TryAdd(message);
        }
        catch (InvalidOperationException)
        {
            // By design: it was closed, or disposed, meanwhile.
            return false;
        }
    }

    private void Run()
    {
        MessageWriter writer = new();
        bool isBroken = false;
        foreach (Message message in _waiting.GetConsumingEnumerable())
        {
            Fragment? fragment = MessageWriter.FragmentIn(message);
            try
            {
                if (!isBroken)
                {
                    _pipe.Write(writer.Frame(message).Span);
                }
            }
            catch (Exception exception)
            {
                // By design: what cannot be sent costs the other side; this thread has no caller to tell.
                isBroken = true;
                _failed(exception);
            }
            finally
            {
                Interlocked.Add(ref _waitingBytes, -(fragment?.PayloadBytes ?? 0));
                fragment?.Dispose();
            }
        }

        _pipe.Dispose();
        _waiting.Dispose();
    }
}
