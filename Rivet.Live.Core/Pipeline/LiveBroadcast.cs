using Rivet.Live.Core.Broadcast;
using Rivet.Live.Core.Hls;
using Rivet.Live.Core.Ingest;
using Rivet.Live.Core.Recording;

namespace Rivet.Live.Core.Pipeline;

/// <summary>One broadcast in one life: where it is published, how it is played, and the tasks that package it.</summary>
internal sealed class LiveBroadcast(PublishingPoint point, LadderOffer ladder, HlsPresentation presentation)
{
    private readonly Lock _packagersLock = new();
    private readonly List<Task> _packagers = [];
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _isEnding;
    private Thumbnail? _thumbnail;

    public PublishingPoint Point => point;

    public BroadcastSession Session => point.Session;

    /// <summary>The ladder that it began with.</summary>
    public LadderOffer Ladder => ladder;

    public HlsPresentation Presentation => presentation;

    /// <summary>Its newest thumbnail; null before the first, and where nothing of it is decoded.</summary>
    public Thumbnail? Thumbnail
    {
        get => Volatile.Read(ref _thumbnail);
        set => Volatile.Write(ref _thumbnail, value);
    }

    /// <summary>Its recording; null where no publisher wanted one.</summary>
    public BroadcastRecording? Recording { get; set; }

    /// <summary>Completes when everything that was received is packaged and every playlist is closed.</summary>
    public Task WhenEnded => _ended.Task;

    public BroadcastState State => this switch
    {
        { IsEnding: true } => BroadcastState.Ended,
        { Point.Publisher: null } => BroadcastState.Interrupted,
        { Point.HasMedia: true } => BroadcastState.Live,
        _ => BroadcastState.Starting,
    };

    /// <summary>True from the moment nothing more is accepted.</summary>
    public bool IsEnding => Volatile.Read(ref _isEnding) != 0 || point.IsClosed;

    /// <summary>True for the first caller only.</summary>
    public bool TryBeginEnd() => Interlocked.Exchange(ref _isEnding, 1) == 0;

    public void Ended() => _ended.TrySetResult();

    public void Add(Task packager)
    {
        lock (_packagersLock)
        {
            _packagers.Add(packager);
        }
    }

    public Task WhenPackagedAsync()
    {
        lock (_packagersLock)
        {
            return Task.WhenAll(_packagers);
        }
    }
}
