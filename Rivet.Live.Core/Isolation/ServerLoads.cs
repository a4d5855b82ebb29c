using Rivet.Live.Core.Ladder;
using Rivet.Live.Core.Media;

namespace Rivet.Live.Core.Isolation;

/// <summary>The server's <see cref="LadderLoad"/> as a child sees it: what renditions say goes there, and who gives way comes back.</summary>
/// <param name="shed">Renditions that give way from the beginning.</param>
/// <param name="send">Tells the server.</param>
internal sealed class ServerLoads(IReadOnlyList<string> shed, Action<Message> send) : IRenditionLoads
{
    private readonly Lock _loadsLock = new();
    private readonly Dictionary<string, RenditionLoad> _renditions = [];

    public RenditionLoad Join(BroadcastId broadcast, string rendition)
    {
        RenditionLoad load = new(broadcast, rendition) { IsShed = shed.Contains(rendition) };
        lock (_loadsLock)
        {
            _renditions[rendition] = load;
        }

        return load;
    }

    public void Leave(RenditionLoad rendition)
    {
        lock (_loadsLock)
        {
            _renditions.Remove(rendition.Rendition);
        }
    }

    public void Cost(RenditionLoad rendition, double pixelsPerSecond) => send(new RenditionCosts(rendition.Rendition, pixelsPerSecond));

    public void StartChunk(RenditionLoad rendition, double behindSeconds) => send(new ChunkStarted(rendition.Rendition, behindSeconds));

    public void LeaveOut(RenditionLoad rendition) => send(new MediaLeftOut(rendition.Rendition));

    /// <summary>The server's word.</summary>
    public void Shed(RenditionShed word) => Tell(word.Rendition, load => load.IsShed = word.IsShed);

    /// <summary>An operator wants a rendition to have a new encoder.</summary>
    public void Restart(string rendition) => Tell(rendition, static load => load.WantRestart());

    private void Tell(string rendition, Action<RenditionLoad> tell)
    {
        lock (_loadsLock)
        {
            if (_renditions.TryGetValue(rendition, out RenditionLoad? load))
            {
                tell(load);
            }
        }
    }
}
