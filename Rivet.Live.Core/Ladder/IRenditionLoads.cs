using Rivet.Live.Core.Media;

namespace Rivet.Live.Core.Ladder;

/// <summary>Where renditions tell how they get along, and hear whether they give way: the server's <see cref="LadderLoad"/>, or that as a child process sees it.</summary>
internal interface IRenditionLoads
{
    /// <summary>A rendition that wants to be encoded. Whoever joined leaves.</summary>
    RenditionLoad Join(BroadcastId broadcast, string rendition);

    void Leave(RenditionLoad rendition);

    /// <summary>What encoding a rendition costs, in pixels per second.</summary>
    void Cost(RenditionLoad rendition, double pixelsPerSecond);

    /// <summary>A rendition starts a chunk, so far behind its publisher.</summary>
    void StartChunk(RenditionLoad rendition, double behindSeconds);

    /// <summary>A rendition had to leave out media.</summary>
    void LeaveOut(RenditionLoad rendition);
}
