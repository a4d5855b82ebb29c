namespace Rivet.Live.Core.Devices;

/// <summary>Counts the machine's decoders, for all broadcasts and all child processes.</summary>
/// <param name="most">Decoders that the device may run at once; null where only opening them tells.</param>
internal sealed class DecoderBudget(int? most) : IDecoderBudget
{
    private readonly Lock _budgetLock = new();
    private int? _most = most;
    private int _open;

    public int Open
    {
        get
        {
            lock (_budgetLock)
            {
                return _open;
            }
        }
    }

    public bool TryTake()
    {
        lock (_budgetLock)
        {
            bool hasRoom = !(_open >= _most);
            _open += hasRoom ? 1 : 0;
            return hasRoom;
        }
    }

    public void Free(bool isFull)
    {
        lock (_budgetLock)
        {
            _open--;
            _most = isFull ? Math.Max(1, _open) : _most;
        }
    }
}
