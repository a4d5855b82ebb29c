using Rivet.Live.Core.Devices;
using Rivet.Live.Core.Encoding;
using Rivet.Live.Core.Media;

namespace Rivet.Live.Core.Isolation;

/// <summary>What a child asks of the machine's pool and what it is lent. When the child is gone, so are its claims, and its leases are given back.</summary>
internal sealed class ChildLeases(DevicePool pool, BroadcastId broadcast, Action<Message> send)
{
    // Guards everything below. Never held while the pool decides: it may call back.
    private readonly Lock _leasesLock = new();
    private readonly Dictionary<int, LeaseClaim> _claims = [];
    private readonly Dictionary<int, EncoderLease> _leases = [];
    private int[] _wanted = [];
    private int _decoders;
    private bool _isOver;

    /// <summary>What the child says of leases. False for anything else.</summary>
    /// <exception cref="InvalidDataException">It names a device that there is not.</exception>
    public bool TryTake(Message message)
    {
        switch (message)
        {
            case LeaseAsked { Waits: true } asked:
                Wait(asked.Claim, pool.Claim(asked.Need.On(pool.Devices, broadcast)));
                break;
            case LeaseAsked asked:
                Answer(asked.Claim, pool.TryClaim(asked.Need.On(pool.Devices, broadcast)));
                break;
            case LeaseWithdrawn withdrawn:
                Take(_claims, withdrawn.Claim)?.Dispose();
                break;
            case LeaseReturned returned:
                Take(_leases, returned.Claim)?.Dispose();
                break;
            case LeaseProved proved when Find(proved.Claim) is { } lease:
                pool.Proved(lease);
                break;
            case LeaseBlamed blamed when Find(blamed.Claim) is { } lease:
                pool.Blame(lease, blamed.Fault);
                break;
            case LeaseProved or LeaseBlamed:
                break;
            case DecoderAsked asked:
                AnswerDecoder(asked.Number);
                break;
            case DecoderReturned returned:
                ReturnDecoder(returned.IsFull);
                break;
            case DeviceWorked worked:
                LeaseNeed.DeviceOf(pool.Devices, worked.Device).Saw(worked.Pixels, worked.Seconds);
                break;
            default:
                return false;
        }

        SayWanted();
        return true;
    }

    /// <summary>Tells the child for which of its devices somebody waits, where that has changed.</summary>
    public void SayWanted()
    {
        EncoderDevice[] held;
        lock (_leasesLock)
        {
            held = [.. _leases.Values.Select(static lease => lease.Device).Distinct()];
        }

        int[] wanted = [.. held.Where(pool.IsWanted).Select(static device => device.Index).Order()];
        lock (_leasesLock)
        {
            if (!wanted.AsSpan().SequenceEqual(_wanted))
            {
                _wanted = wanted;
                send(new DevicesWanted(wanted));
            }
        }
    }

    /// <summary>The child is gone.</summary>
    /// <param name="hasCrashed">It is held against the devices that it was lent, but for the CPU.</param>
    /// <returns>True where it was lent another device than the CPU.</returns>
    public bool End(bool hasCrashed)
    {
        LeaseClaim[] claims;
        EncoderLease[] leases;
        int decoders;
        lock (_leasesLock)
        {
            _isOver = true;
            (decoders, _decoders) = (_decoders, 0);
            claims = [.. _claims.Values];
            leases = [.. _leases.Values];
            _claims.Clear();
            _leases.Clear();
        }

        Array.ForEach(claims, static claim => claim.Dispose());
        for (; decoders > 0; decoders--)
        {
            pool.Decoders.Budget.Free(isFull: false);
        }

        foreach (EncoderLease lease in leases)
        {
            if (hasCrashed && !lease.Device.IsSoftware)
            {
                pool.Blame(lease, EncoderFault.Failed);
            }

            lease.Dispose();
        }

        return Array.Exists(leases, static lease => !lease.Device.IsSoftware);
    }

    private void Wait(int number, LeaseClaim claim)
    {
        lock (_leasesLock)
        {
            _claims[number] = claim;
        }

        if (claim.Decided.IsCompleted)
        {
            Decided(number);
            return;
        }

        _ = claim.Decided.ContinueWith(_ => Decided(number), TaskScheduler.Default);
    }

    private void Decided(int number)
    {
        if (Take(_claims, number) is { } claim)
        {
            Answer(number, claim.TryTake());
            claim.Dispose();
        }
    }

    private void Answer(int number, EncoderLease? lease)
    {
        bool isLent;
        lock (_leasesLock)
        {
            isLent = !_isOver;
            if (isLent)
            {
                if (lease is not null)
                {
                    _leases[number] = lease;
                }

                send(new LeaseAnswered(number, lease?.Device.Index));
            }
        }

        if (!isLent)
        {
            lease?.Dispose();
        }
    }

    private void AnswerDecoder(int number)
    {
        bool isLent = pool.Decoders.Budget.TryTake();
        lock (_leasesLock)
        {
            if (!_isOver)
            {
                _decoders += isLent ? 1 : 0;
                send(new DecoderAnswered(number, isLent));
                return;
            }
        }

        if (isLent)
        {
            pool.Decoders.Budget.Free(isFull: false);
        }
    }

    /// <exception cref="InvalidDataException">None was lent.</exception>
    private void ReturnDecoder(bool isFull)
    {
        lock (_leasesLock)
        {
            if (_isOver)
            {
                return;
            }

            if (_decoders == 0)
            {
                throw new InvalidDataException("Saw a decoder given back that was not lent.");
            }

            _decoders--;
        }

        pool.Decoders.Budget.Free(isFull);
    }

    private EncoderLease? Find(int number)
    {
        lock (_leasesLock)
        {
            return _leases.GetValueOrDefault(number);
        }
    }

    private T? Take<T>(Dictionary<int, T> from, int number)
        where T : class
    {
        lock (_leasesLock)
        {
            return from.Remove(number, out T? taken) ? taken : null;
        }
    }
}
