using Microsoft.Extensions.Logging;
using Rivet.Live.Core.Devices;

namespace Rivet.Live.Core.Ladder;

/// <summary>Sends helpers to the renditions of all broadcasts that are behind, the one most behind first, where a device has room that nobody waits for.</summary>
/// <param name="encoders">Lends encoders, and opens them.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">Hears of helpers.</param>
internal sealed class HelpDesk(EncoderFactory encoders, TimeProvider time, ILogger logger)
{
    private readonly Lock _deskLock = new();
    private readonly Lock _renditionsLock = new();
    private readonly List<RenditionHelp> _renditions = [];

    public void Join(RenditionHelp rendition)
    {
        lock (_renditionsLock)
        {
            _renditions.Add(rendition);
        }
    }

    public void Leave(RenditionHelp rendition)
    {
        lock (_renditionsLock)
        {
            _renditions.Remove(rendition);
        }
    }

    /// <summary>Somebody is behind.</summary>
    public void Consider()
    {
        if (!_deskLock.TryEnter())
        {
            // Somebody else is at it, and will be again with the next picture.
            return;
        }

        try
        {
            foreach (RenditionHelp rendition in MostBehindFirst())
            {
                if (rendition.Need() is { } need && encoders.Devices.TryClaim(need) is { } lease)
                {
                    Send(rendition, lease);
                }
            }
        }
        finally
        {
            _deskLock.Exit();
        }
    }

    private RenditionHelp[] MostBehindFirst()
    {
        lock (_renditionsLock)
        {
            return [.. _renditions.OrderByDescending(static rendition => rendition.BehindSeconds)];
        }
    }

    private void Send(RenditionHelp rendition, EncoderLease lease)
    {
        if (rendition.TryTake() is not { } chunk)
        {
            lease.Dispose();
            return;
        }

        rendition.Enter();
        HelperTurn helper = new(rendition, encoders, time, logger);

        // Not in the scope of whoever is here: it works for another rendition.
        using (ExecutionContext.SuppressFlow())
        {
            _ = Task.Factory.StartNew(() => helper.Run(lease, chunk), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        }
    }
}
