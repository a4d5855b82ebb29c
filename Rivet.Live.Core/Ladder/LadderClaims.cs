using Rivet.Live.Core.Devices;
using Rivet.Live.Core.Encoding;
using Rivet.Live.Core.Media;

namespace Rivet.Live.Core.Ladder;

/// <summary>The claims that a broadcast's renditions begin with, placed all at once and the smallest first: then something plays at once.</summary>
/// <remarks>Each rendition's drain would ask when its thread gets there, and the largest is as likely to be first.</remarks>
internal sealed class LadderClaims(IEncoderLender devices, SourceFeeds feeds, BroadcastId broadcast)
{
    private readonly Lock _claimsLock = new();
    private readonly HashSet<string> _joined = [];
    private readonly Dictionary<string, LeaseClaim> _placed = [];
    private bool _isPlaced;

    /// <summary>A rendition that will want a lease once its source is known.</summary>
    public void Join(string rendition)
    {
        lock (_claimsLock)
        {
            _joined.Add(rendition);
        }
    }

    /// <summary>The claim that was placed for it, or a new one; the caller disposes it.</summary>
    public LeaseClaim Take(EncoderNeed need)
    {
        lock (_claimsLock)
        {
            if (!_isPlaced)
            {
                _isPlaced = true;
                PlaceAll();
            }

            return _placed.Remove(need.Rendition, out LeaseClaim? placed) ? placed : devices.Claim(need);
        }
    }

    /// <summary>The rendition wants no lease any more.</summary>
    public void Leave(string rendition)
    {
        lock (_claimsLock)
        {
            _joined.Remove(rendition);
            if (_placed.Remove(rendition, out LeaseClaim? placed))
            {
                placed.Dispose();
            }
        }
    }

    private void PlaceAll()
    {
        int timescale = feeds.Track!.Timescale;
        int bitDepth = SourceDepth.Of(feeds.Track);
        foreach (Rung rung in feeds.Rungs.Reverse().Where(rung => _joined.Contains(rung.Rendition.Name)))
        {
            _placed[rung.Rendition.Name] = devices.Claim(EncoderFactory.NeedOf(broadcast, rung, feeds.Spacing.TicksAt(timescale), timescale, bitDepth));
        }
    }
}
