namespace Rivet.Live.Core.Devices;

/// <summary>What became of a wish to cordon a device, or to let it encode again.</summary>
internal enum CordonOutcome
{
    Done,

    NoSuchDevice,

    /// <summary>No other device may encode now: every rendition would be lost.</summary>
    LastOne,
}
