namespace Rivet.Live.Core.MessagePack;

/// <summary>The type of a value, as its first byte says it.</summary>
internal enum MessagePackType
{
    /// <summary>0xc1, which the specification never uses.</summary>
    Unknown,
    Integer,
    Nil,
    Boolean,
    Float,
    String,
    Binary,
    Array,
    Map,
    Extension,
}
