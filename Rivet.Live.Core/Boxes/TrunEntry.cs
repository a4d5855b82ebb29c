namespace Rivet.Live.Core.Boxes;

/// <summary>One sample of a <see cref="Trun"/>, or what its samples have by default.</summary>
/// <param name="Duration">Ticks until the next sample.</param>
/// <param name="Size">Bytes.</param>
/// <param name="Flags">See <see cref="SampleFlags"/>.</param>
/// <param name="CompositionOffset">Signed in both versions: some publishers write negative ones in version 0 too.</param>
internal readonly record struct TrunEntry(uint Duration, uint Size, uint Flags, int CompositionOffset)
{
    public void Write(BoxWriter boxes, TrunFields fields)
    {
        if ((fields & TrunFields.Duration) != 0)
        {
            boxes.UInt32(Duration);
        }

        if ((fields & TrunFields.Size) != 0)
        {
            boxes.UInt32(Size);
        }

        if ((fields & TrunFields.Flags) != 0)
        {
            boxes.UInt32(Flags);
        }

        if ((fields & TrunFields.CompositionOffset) != 0)
        {
            boxes.Int32(CompositionOffset);
        }
    }
}
