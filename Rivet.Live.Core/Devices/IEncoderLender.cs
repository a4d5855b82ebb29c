using Rivet.Live.Core.Encoding;

namespace Rivet.Live.Core.Devices;

/// <summary>Lends encoders to renditions: the machine's pool, or that pool as a child process sees it.</summary>
internal interface IEncoderLender
{
    /// <summary>Who decodes for whom.</summary>
    DecoderDesk Decoders { get; }

    /// <summary>True where the policy lets the CPU encode beside, or instead of, other devices.</summary>
    bool PolicyHasSoftware { get; }

    bool IsOfPolicy(EncoderDevice device);

    /// <summary>Asks for a lease. The claim is decided as soon as there is room and nobody came before.</summary>
    LeaseClaim Claim(EncoderNeed need);

    /// <summary>A lease where there is room that nobody waits for; null otherwise.</summary>
    EncoderLease? TryClaim(EncoderNeed need);

    /// <summary>True where somebody waits who could have a slot of that device.</summary>
    bool IsWanted(EncoderDevice device);

    /// <summary>Gives up a place in the queue.</summary>
    void Withdraw(LeaseClaim claim);

    /// <summary>Takes a lease back whose encoder is closed.</summary>
    void Release(EncoderLease lease);

    /// <summary>A sample came out of an encoder of the lease's device.</summary>
    /// <param name="lease">Whose.</param>
    /// <param name="settings">Of the encoder.</param>
    /// <param name="busySeconds">How long it took.</param>
    void Worked(EncoderLease lease, VideoEncoderSettings settings, double busySeconds);

    /// <summary>The lease's first sample came: its device encodes.</summary>
    void Proved(EncoderLease lease);

    /// <summary>Something went wrong with the lease's encoder.</summary>
    void Blame(EncoderLease lease, EncoderFault fault);
}
