namespace Rivet.Live.Core.Isolation;

/// <summary>Children that were lost, and what follows from it: the first time the next one goes on where it was, then it leaves out what they may have died of.</summary>
internal sealed class ChildDeaths
{
    /// <summary>Children that die one after the other, none of them sending a sample, before something else is tried.</summary>
    private const int InARowMax = 5;

    private static readonly TimeSpan FirstBackOff = TimeSpan.FromSeconds(0.1);

    private long _all;
    private int _inARow;
    private volatile bool _hadOtherDevices;

    /// <summary>All of them.</summary>
    public long All => Interlocked.Read(ref _all);

    /// <summary>How long to wait before the next.</summary>
    public TimeSpan BackOff => _inARow < 2 ? TimeSpan.Zero : FirstBackOff * Math.Pow(2, _inARow - 2);

    /// <summary>What they were given last may be what they die of.</summary>
    public bool IsSourceSuspect => _inARow > 1;

    /// <summary>So many in a row that something else has to be tried.</summary>
    public bool AreTooMany => _inARow >= InARowMax;

    /// <summary>True where one of those in a row was lent another device than the CPU.</summary>
    public bool HadOtherDevices => _hadOtherDevices;

    public void Add(bool hadOtherDevices)
    {
        Interlocked.Increment(ref _all);
        Interlocked.Increment(ref _inARow);
        _hadOtherDevices |= hadOtherDevices;
    }

    /// <summary>A sample came: those before died of something that has passed.</summary>
    public void Forgive()
    {
        Volatile.Write(ref _inARow, 0);
        _hadOtherDevices = false;
    }
}
