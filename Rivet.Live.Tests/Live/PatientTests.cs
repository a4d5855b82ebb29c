using Xunit;

namespace Rivet.Live.Tests.Live;

/// <summary>End to end over sockets and mostly waiting: one after the other, beside tests of other rooms.</summary>
[CollectionDefinition(Name)]
public sealed class PatientTests
{
    public const string Name = "patient";
}
