namespace Rivet.Live.Core.Devices;

/// <summary>How many decoders the device that decodes may still open: the machine's count, or that count as a child process sees it.</summary>
internal interface IDecoderBudget
{
    /// <summary>Decoders open on the device.</summary>
    int Open { get; }

    /// <summary>Room for one more, the caller's to give back; false where there is none.</summary>
    bool TryTake();

    /// <summary>Gives it back.</summary>
    /// <param name="isFull">The device refused: it has as many places as decoders are open without this one.</param>
    void Free(bool isFull);
}
