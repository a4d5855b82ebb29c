using Rivet.Live.Core.Media;

namespace Rivet.Live.Core.Ladder;

/// <summary>One rendition as <see cref="LadderLoad"/> sees it. Its state is the load's, under the load's lock.</summary>
internal sealed class RenditionLoad(BroadcastId broadcast, string rendition)
{
    private volatile bool _isShed;
    private volatile bool _isDropped;
    private int _wantsRestart;

    public BroadcastId Broadcast => broadcast;

    public string Rendition => rendition;

    /// <summary>Pixels per second that it asks of the devices; 0 until its source is known, and where the source is too small for it.</summary>
    internal double Cost { get; set; }

    /// <summary>How far behind its publisher it was when its last chunk started, in seconds.</summary>
    internal double BehindSeconds { get; set; }

    /// <summary>It is not to be encoded for now. Read at any time.</summary>
    public bool IsShed
    {
        get => _isShed || _isDropped;
        internal set => _isShed = value;
    }

    /// <summary>An operator took it out: it does not come back by itself. Read at any time.</summary>
    internal bool IsDropped
    {
        get => _isDropped;
        set => _isDropped = value;
    }

    /// <summary>A new encoder is wanted.</summary>
    internal void WantRestart() => Volatile.Write(ref _wantsRestart, 1);

    /// <summary>True once for each wish.</summary>
    public bool TakeRestart() => Volatile.Read(ref _wantsRestart) != 0 && Interlocked.Exchange(ref _wantsRestart, 0) != 0;
}
