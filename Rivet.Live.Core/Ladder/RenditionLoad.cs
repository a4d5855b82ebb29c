using Rivet.Live.Core.Media;

namespace Rivet.Live.Core.Ladder;

/// <summary>One rendition as <see cref="LadderLoad"/> sees it. Its state is the load's, under the load's lock.</summary>
internal sealed class RenditionLoad(BroadcastId broadcast, string rendition)
{
    private volatile bool _isShed;

    public BroadcastId Broadcast => broadcast;

    public string Rendition => rendition;

    /// <summary>Pixels per second that it asks of the devices; 0 until its source is known, and where the source is too small for it.</summary>
    internal double Cost { get; set; }

    /// <summary>How far behind its publisher it was when its last chunk started, in seconds.</summary>
    internal double BehindSeconds { get; set; }

    /// <summary>It is not to be encoded for now. Read at any time.</summary>
    public bool IsShed
    {
        get => _isShed;
        internal set => _isShed = value;
    }
}
