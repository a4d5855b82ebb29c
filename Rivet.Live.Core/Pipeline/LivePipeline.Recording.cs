using Microsoft.Extensions.Logging;
using Rivet.Live.Core.Ingest;
using Rivet.Live.Core.Recording;

namespace Rivet.Live.Core.Pipeline;

internal sealed partial class LivePipeline
{
    private readonly RecordingDirectory? _recordings;

    private RecordingDirectory? OpenRecordings(ILoggerFactory loggers) => _plan.RecordingDirectory is { } path
        ? new RecordingDirectory(path, _registry, _payloads, _time, loggers.CreateLogger<RecordingDirectory>())
        : null;

    /// <summary>Where a publisher that came in wants it, the broadcast is recorded from here on to its end, whoever comes after.</summary>
    private LiveBroadcast Recorded(LiveBroadcast broadcast, Publisher publisher)
    {
        if (publisher.Records)
        {
            broadcast.Recording ??= _recordings?.Begin(broadcast.Session, PlaylistOf);
        }

        return broadcast;
    }

    /// <summary>Recordings that are over get their index while there is time; the others at the next start.</summary>
    private Task WhenRecordedAsync() => _recordings?.WhenFinishedAsync() ?? Task.CompletedTask;
}
