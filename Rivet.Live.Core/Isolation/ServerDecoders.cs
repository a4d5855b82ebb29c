using Rivet.Live.Core.Devices;

namespace Rivet.Live.Core.Isolation;

/// <summary>The server's count of decoders as a child sees it: it asks over the wire whether there is room for one more.</summary>
/// <param name="send">Tells the server.</param>
/// <param name="time">The clock.</param>
internal sealed class ServerDecoders(Action<Message> send, TimeProvider time) : IDecoderBudget
{
    // A monitor, since who asks waits on it. Guards everything below.
    private readonly object _decodersLock = new();
    private readonly Dictionary<int, bool?> _answers = [];
    private int _asked;
    private int _open;

    public int Open
    {
        get
        {
            lock (_decodersLock)
            {
                return _open;
            }
        }
    }

    public bool TryTake()
    {
        lock (_decodersLock)
        {
            int number = ++_asked;
            _answers.Add(number, null);
            long asked = time.GetTimestamp();
            send(new DecoderAsked(number));
            while (_answers[number] is null && ServerLender.AnswerWithin - time.GetElapsedTime(asked) is { Ticks: > 0 } left)
            {
                Monitor.Wait(_decodersLock, left);
            }

            bool isLent = _answers.Remove(number, out bool? answer) && answer == true;
            _open += isLent ? 1 : 0;
            return isLent;
        }
    }

    public void Free(bool isFull)
    {
        lock (_decodersLock)
        {
            _open--;
            send(new DecoderReturned(isFull));
        }
    }

    /// <summary>The server's answer.</summary>
    public void Answer(DecoderAnswered answered)
    {
        lock (_decodersLock)
        {
            if (_answers.ContainsKey(answered.Number))
            {
                _answers[answered.Number] = answered.IsLent;
                Monitor.PulseAll(_decodersLock);
            }
            else if (answered.IsLent)
            {
                // Nobody waits for it any more.
                send(new DecoderReturned(IsFull: false));
            }
        }
    }
}
