using Xunit;

namespace Rivet.Live.Tests.Demuxing;

/// <summary>The tests that share <see cref="EncoderStreams"/>.</summary>
[CollectionDefinition(Name)]
public sealed class SharedEncoderStreams : ICollectionFixture<EncoderStreams>
{
    public const string Name = "encoder streams";
}
