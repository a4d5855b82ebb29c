using Rivet.Live.Core.Broadcast;
using Rivet.Live.Core.Media;

namespace Rivet.Live.Core.Drains;

/// <summary>Transcoders that publish a track's fragments again, untouched, under a rendition's name.</summary>
internal sealed class PassthroughFactory(string rendition, TrackKind kind) : ITranscoderFactory
{
    public string Name => "passthrough";

    public string Rendition => rendition;

    public ITranscoder? Build(TranscoderContext context) => context.Source.Kind == kind ? new Passthrough(context, rendition) : null;

    private sealed class Passthrough(TranscoderContext context, string rendition) : ITranscoder
    {
        private FragmentBroadcaster? _output;

        public Task? Pending { get; }

        public void Start(TrackDescription track)
        {
            var key = new TrackKey(context.Source.Key.Broadcast, rendition);
            _output = context.Registry.GetOrCreate(key, context.Source.Kind, context.Source.Session, rendition, track);
            context.Progress.Track = track;
        }

        public void Accept(Fragment fragment)
        {
            _output!.Publish(fragment.Share());
            if (!fragment.IsAbsence)
            {
                context.Progress.State = RenditionState.Running;
                context.Progress.CountEncoded(fragment.PayloadBytes);
            }
        }

        public void Continue()
        {
            // It waits for nothing but fragments.
        }

        public void Stop() => context.Registry.Remove(_output!);

        public void Dispose()
        {
            // All it has is the track, which Stop removes.
        }
    }
}
