using Xunit;

namespace Rivet.Live.Tests.Live;

/// <summary>End to end over sockets: one after the other and beside nothing else, since each of them keeps a processor busy.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class LiveTests
{
    public const string Name = "live";
}
