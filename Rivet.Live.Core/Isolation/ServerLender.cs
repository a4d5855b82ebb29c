using Rivet.Live.Core.Devices;
using Rivet.Live.Core.Encoding;

namespace Rivet.Live.Core.Isolation;

/// <summary>The server's pool of devices as a child sees it: it asks over the wire, and opens encoders of its own on what it is lent.</summary>
internal sealed class ServerLender : IEncoderLender
{
    /// <summary>The server answers in less than a millisecond; one that does not for so long lends nothing at once.</summary>
    public static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(1);

    private readonly IReadOnlyList<EncoderDevice> _devices;
    private readonly DevicePolicy _policy;
    private readonly Action<Message> _send;
    private readonly TimeProvider _time;

    // A monitor, since who wants an answer at once waits on it. Guards everything below, and the state of claims. What is said to the server is said under it, so that it comes in order.
    private readonly object _lenderLock = new();
    private readonly Dictionary<int, LeaseClaim> _waiting = [];
    private readonly Dictionary<EncoderLease, int> _leases = [];
    private readonly Dictionary<int, (double Pixels, double Seconds)> _worked = [];
    private int _claims;
    private HashSet<int> _wanted = [];

    /// <param name="devices">Of this process, numbered as the server's.</param>
    /// <param name="policy">Which of them may encode.</param>
    /// <param name="decoders">Who decodes for whom.</param>
    /// <param name="send">Tells the server.</param>
    /// <param name="time">The clock.</param>
    public ServerLender(IReadOnlyList<EncoderDevice> devices, DevicePolicy policy, DecoderDesk decoders, Action<Message> send, TimeProvider time)
    {
        _devices = devices;
        _policy = policy;
        _send = send;
        _time = time;
        Decoders = decoders;
    }

    public DecoderDesk Decoders { get; }

    public bool PolicyHasSoftware => _devices.Any(device => device.IsSoftware && _policy.Allows(device));

    public bool IsOfPolicy(EncoderDevice device) => _policy.Allows(device);

    public LeaseClaim Claim(EncoderNeed need) => Ask(need, waits: true);

    public EncoderLease? TryClaim(EncoderNeed need)
    {
        using LeaseClaim claim = Ask(need, waits: false);
        long asked = _time.GetTimestamp();
        lock (_lenderLock)
        {
            while (!claim.Decided.IsCompleted && AnswerWithin - _time.GetElapsedTime(asked) is { Ticks: > 0 } left)
            {
                Monitor.Wait(_lenderLock, left);
            }
        }

        return claim.TryTake();
    }

    /// <summary>The server's answer to a claim.</summary>
    public void Answer(LeaseAnswered answer)
    {
        lock (_lenderLock)
        {
            if (!_waiting.Remove(answer.Claim, out LeaseClaim? claim))
            {
                // Nobody waits for it any more.
                if (answer.Device is not null)
                {
                    _send(new LeaseReturned(answer.Claim));
                }

                return;
            }

            EncoderLease? lease = null;
            if (answer.Device is { } number)
            {
                lease = new EncoderLease(this, LeaseNeed.DeviceOf(_devices, number), claim.Need, _time.GetTimestamp());
                _leases.Add(lease, answer.Claim);
            }

            claim.Decide(lease);
            Monitor.PulseAll(_lenderLock);
        }
    }

    /// <summary>For these devices somebody waits, and for no others.</summary>
    public void Want(DevicesWanted wanted)
    {
        lock (_lenderLock)
        {
            _wanted = [.. wanted.Devices];
        }
    }

    /// <summary>Tells the server what devices have done since the last time.</summary>
    public void ReportWork()
    {
        lock (_lenderLock)
        {
            foreach ((int device, (double pixels, double seconds)) in _worked)
            {
                _send(new DeviceWorked(device, pixels, seconds));
            }

            _worked.Clear();
        }
    }

    public bool IsWanted(EncoderDevice device)
    {
        lock (_lenderLock)
        {
            return _wanted.Contains(device.Index);
        }
    }

    public void Withdraw(LeaseClaim claim)
    {
        lock (_lenderLock)
        {
            foreach ((int number, LeaseClaim waiting) in _waiting)
            {
                if (waiting == claim)
                {
                    _waiting.Remove(number);
                    _send(new LeaseWithdrawn(number));
                    return;
                }
            }
        }
    }

    public void Release(EncoderLease lease)
    {
        lock (_lenderLock)
        {
            if (_leases.Remove(lease, out int number))
            {
                _send(new LeaseReturned(number));
            }
        }
    }

    public void Worked(EncoderLease lease, VideoEncoderSettings settings, double busySeconds)
    {
        (double pixels, double seconds) = lease.Device.WorkDone(settings, busySeconds);
        lock (_lenderLock)
        {
            (double Pixels, double Seconds) before = _worked.GetValueOrDefault(lease.Device.Index);
            _worked[lease.Device.Index] = (before.Pixels + pixels, before.Seconds + seconds);
        }
    }

    public void Proved(EncoderLease lease)
    {
        lock (_lenderLock)
        {
            if (_leases.TryGetValue(lease, out int number))
            {
                _send(new LeaseProved(number));
            }
        }
    }

    public void Blame(EncoderLease lease, EncoderFault fault)
    {
        lock (_lenderLock)
        {
            if (_leases.TryGetValue(lease, out int number))
            {
                _send(new LeaseBlamed(number, fault));
            }
        }
    }

    private LeaseClaim Ask(EncoderNeed need, bool waits)
    {
        LeaseClaim claim = new(this, need, _time);
        lock (_lenderLock)
        {
            int number = ++_claims;
            _waiting.Add(number, claim);
            _send(new LeaseAsked(number, LeaseNeed.Of(need), waits));
        }

        return claim;
    }
}
