using Rivet.Live.Core.Devices;
using Rivet.Live.Core.Drains;
using Rivet.Live.Core.Encoding;

namespace Rivet.Live.Core.Ladder;

/// <summary>How one rendition gets its turns: it asks, waits, gives way, and finds another device where one fails.</summary>
internal sealed class RenditionTurns(
    string rendition, LadderRules rules, LadderClaims claims, IEncoderLender devices, RenditionProgress progress, TimeProvider time) : IDisposable
{
    /// <summary>Encoders that fail one after the other, none of them giving a sample, before something else is tried.</summary>
    private const int FailuresMax = 5;

    /// <summary>Media that a turn lasts at least: with shorter chunks, opening encoders would cost more than it gains.</summary>
    private const double TurnSecondsMin = 1;

    private static readonly TimeSpan FirstBackOff = TimeSpan.FromSeconds(0.05);

    private readonly DeviceChoice _choice = new();
    private LeaseClaim? _claim;
    private Task? _backOff;

    /// <summary>The turn at hand; null while there is none.</summary>
    public EncoderTurn? Current { get; private set; }

    /// <summary>What has to come about before there can be a turn; null where nothing has to.</summary>
    public Task? Pending { get; private set; }

    /// <summary>No device encodes this rendition, and none will.</summary>
    public bool IsHopeless { get; private set; }

    /// <summary>True once somebody waits for the device at hand.</summary>
    public bool IsWanted => Current!.Lease.IsWanted;

    /// <summary>True with a turn at hand.</summary>
    /// <param name="need">What is needed; null where nothing is yet.</param>
    public bool TryBegin(Func<EncoderNeed?> need)
    {
        Pending = null;
        while (Current is null && !IsHopeless)
        {
            if (_backOff is { IsCompleted: false })
            {
                Pending = _backOff;
                return false;
            }

            if (_claim is null && need() is { } wanted)
            {
                _claim = claims.Take(_choice.Apply(wanted));
            }

            if (_claim is null)
            {
                return false;
            }

            if (_claim.TryTake() is { } lease)
            {
                EndClaim();
                Begin(lease);
            }
            else if (_claim.IsHopeless)
            {
                EndClaim();
                IsHopeless = !TryAnotherWay();
            }
            else
            {
                Pending = _claim.Decided;
                return false;
            }
        }

        return Current is not null;
    }

    /// <summary>True at a chunk's start where the turn ends: somebody waits, or a device of the policy is to be had again.</summary>
    /// <param name="better">The lease to go on with; null where the rendition has to ask again.</param>
    public bool MustEnd(out EncoderLease? better)
    {
        EncoderLease lease = Current!.Lease;
        better = null;
        if (!devices.IsOfPolicy(lease.Device))
        {
            better = devices.TryClaim(_choice.Apply(lease.Need) with { MayFallBack = false });
        }

        return better is not null || (lease.IsWanted && Current.Seconds >= TurnSecondsMin);
    }

    /// <summary>Gives the lease back, everything that came out of it being published.</summary>
    public void End()
    {
        Current!.Dispose();
        Current = null;
    }

    /// <summary>The next turn, on a lease that was got without asking.</summary>
    public void Begin(EncoderLease lease)
    {
        Current = new EncoderTurn(lease);
        progress.Device = lease.Device.Id;
        if (_choice.IsFailover(lease.Device))
        {
            progress.CountFailover();
        }
    }

    /// <inheritdoc cref="DeviceChoice.RequireAgreement"/>
    public void RequireAgreement() => _choice.RequireAgreement(Current!.Lease.Device, Current.Encoder!.Invariant);

    /// <summary>What a helper needs to know, with an encoder at hand that has given a sample.</summary>
    public HelpRequest Describe() => new(
        _choice.Apply(Current!.Lease.Need) with { Avoided = null, MayFallBack = false }, Current.Settings!, _choice.Invariant!);

    /// <summary>True where a helper's sample goes with what this rendition's own encoders write.</summary>
    public bool Agrees(CodecInvariant invariant) => _choice.Invariant == invariant;

    /// <summary>A sample was published.</summary>
    public void Worked() => _choice.Worked();

    /// <summary>The turn ends with a fault; what it did not publish goes into another.</summary>
    public void Fail(EncoderFault fault)
    {
        EncoderLease lease = Current!.Lease;
        Current = null;
        lease.Fail(fault);
        _choice.Failed(lease.Device, fault);
        if (_choice.Failures >= FailuresMax)
        {
            _choice.LeaveFailing();
        }
        else if (_choice.Failures > 1 || fault is EncoderFault.Full or EncoderFault.Busy)
        {
            _backOff = Task.Delay(FirstBackOff * Math.Pow(2, _choice.Failures), time);
        }
    }

    /// <summary>Without a turn: waits for none.</summary>
    public void Withdraw()
    {
        if (_claim is not null)
        {
            EndClaim();
        }

        claims.Leave(rendition);
        Pending = null;
    }

    public void Dispose()
    {
        Current?.Dispose();
        _claim?.Dispose();
        claims.Leave(rendition);
    }

    private void EndClaim()
    {
        progress.AddLeaseWait(_claim!.Waited);
        _claim.Dispose();
        _claim = null;
    }

    private bool TryAnotherWay() =>
        _choice.TryAnotherWay(mayFallBack: rules.Fallback == EncoderFallback.Software && !devices.PolicyHasSoftware);
}
