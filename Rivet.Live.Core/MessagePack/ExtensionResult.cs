namespace Rivet.Live.Core.MessagePack;

/// <summary>A value of a type that the specification leaves open.</summary>
/// <param name="typeCode">0 to 127: the application's; below 0: the specification's, of which there is one, <see cref="MessagePackTimestamp"/>.</param>
internal readonly ref struct ExtensionResult(sbyte typeCode, ReadOnlySpan<byte> data)
{
    public sbyte TypeCode { get; } = typeCode;

    public ReadOnlySpan<byte> Data { get; } = data;
}
