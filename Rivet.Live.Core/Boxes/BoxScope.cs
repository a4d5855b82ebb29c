namespace Rivet.Live.Core.Boxes;

/// <summary>A box being written; disposing it patches the box's size.</summary>
internal readonly struct BoxScope(BoxWriter boxes, int start) : IDisposable
{
    public void Dispose() => boxes.Close(start);
}
