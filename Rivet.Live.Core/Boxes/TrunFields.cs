namespace Rivet.Live.Core.Boxes;

/// <summary>What the samples of a <see cref="Trun"/> have of their own, as its flags say it.</summary>
[Flags]
internal enum TrunFields
{
    None = 0,
    Duration = 0x000100,
    Size = 0x000200,
    Flags = 0x000400,
    CompositionOffset = 0x000800,
    All = Duration | Size | Flags | CompositionOffset,
}
