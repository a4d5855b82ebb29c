using Rivet.Live.Core.Broadcast;
using Rivet.Live.Core.Native;

namespace Rivet.Live.Core.Isolation;

/// <summary>Sends messages to a child, in order: on the thread that has one, as long as the pipe takes it, and else on a thread of its own. Nobody waits for a child that hangs.</summary>
internal sealed class Outbox : IDisposable
{
    /// <summary>Messages that may wait: half a minute of a source with sixty fragments a second, and as much again.</summary>
    private const int MessagesMax = 4096;

    /// <summary>Media that may wait, in bytes; one fragment always may.</summary>
    private const long BytesMax = 256 << 20;

    private readonly WritingEnd _pipe;
    private readonly Action _failed;

    // A monitor, since the thread waits on it. Guards everything below, and the pipe while it is written to: that waits for nobody.
    private readonly object _outboxLock = new();
    private readonly MessageWriter _writer = new();
    private readonly Queue<Message> _waiting = new();
    private long _waitingBytes;
    private ReadOnlyMemory<byte> _begun;
    private bool _isBroken;
    private bool _isOver;

    /// <param name="pipe">Closed at the end.</param>
    /// <param name="name">Of the thread.</param>
    /// <param name="failed">Called where the other side takes nothing any more.</param>
    public Outbox(WritingEnd pipe, string name, Action failed)
    {
        _pipe = pipe;
        _failed = failed;
        new Thread(Run) { IsBackground = true, Name = name }.Start();
    }

    private bool IsEmpty => _waiting.Count == 0 && _begun.IsEmpty;

    /// <summary>False where so much waits that the other side must be stuck; also after the end.</summary>
    /// <param name="message">Taken over, also where it is not sent.</param>
    public bool TrySend(Message message)
    {
        lock (_outboxLock)
        {
            long bytes = BytesIn(message);
            if (_isOver || _isBroken || _waiting.Count >= MessagesMax || (_waitingBytes > 0 && _waitingBytes + bytes > BytesMax))
            {
                MessageWriter.FragmentIn(message)?.Dispose();
                return false;
            }

            bool isFirst = IsEmpty;
            _waiting.Enqueue(message);
            _waitingBytes += bytes;
            if (isFirst && !TryWrite())
            {
                Monitor.Pulse(_outboxLock);
            }

            return true;
        }
    }

    /// <summary>What waits is sent, then the pipe is closed. Does not wait for that.</summary>
    public void Dispose()
    {
        lock (_outboxLock)
        {
            _isOver = true;
            Monitor.Pulse(_outboxLock);
        }
    }

    private static long BytesIn(Message message) => MessageWriter.FragmentIn(message)?.PayloadBytes ?? 0;

    /// <summary>Writes what waits. False where the pipe has no room for all of it.</summary>
    private bool TryWrite()
    {
        try
        {
            while (!IsEmpty)
            {
                if (_begun.IsEmpty)
                {
                    Begin(_waiting.Dequeue());
                }

                int written = _pipe.Write(_begun.Span);
                if (written == 0)
                {
                    return false;
                }

                _begun = _begun[written..];
            }
        }
        catch (Exception)
        {
            // By design: what cannot be sent costs the other side, and not whoever has something to say.
            Drop();
            _failed();
        }

        return true;
    }

    /// <summary>The frame is the writer's own until the next one is begun.</summary>
    private void Begin(Message message)
    {
        using Fragment? fragment = MessageWriter.FragmentIn(message);
        _waitingBytes -= BytesIn(message);
        _begun = _writer.Frame(message);
    }

    private void Drop()
    {
        _isBroken = true;
        _begun = default;
        while (_waiting.TryDequeue(out Message? message))
        {
            MessageWriter.FragmentIn(message)?.Dispose();
        }
    }

    private void Run()
    {
        while (!IsDone())
        {
            _pipe.WaitForRoom();
        }

        _pipe.Dispose();
    }

    /// <summary>True once everything is written and no more comes; false where the pipe has no room.</summary>
    private bool IsDone()
    {
        lock (_outboxLock)
        {
            while (TryWrite())
            {
                if (_isOver)
                {
                    return true;
                }

                Monitor.Wait(_outboxLock);
            }

            return false;
        }
    }
}
