using Rivet.Live.Tests.Live;
using Xunit;
using Xunit.Abstractions;

[assembly: TestCollectionOrderer("Rivet.Live.Tests.Support.LongestFirst", "Rivet.Live.Tests")]

namespace Rivet.Live.Tests.Support;

/// <summary>What takes longest, mostly waiting, begins first: begun last, it would go on alone.</summary>
public sealed class LongestFirst : ITestCollectionOrderer
{
    private static readonly string[] Long =
    [
        PatientTests.Name,
        nameof(Ladder.HelpTests),
        nameof(Nvsim.FailoverTests),
        nameof(Isolation.IsolatedLadderTests),
        nameof(Endpoints.HeldCrowdTests),
        nameof(Nvsim.DoctorTests),
        nameof(Ladder.SharedDevicesTests),
    ];

    public IEnumerable<ITestCollection> OrderTestCollections(IEnumerable<ITestCollection> testCollections) => testCollections.OrderBy(RankOf);

    private static int RankOf(ITestCollection collection)
    {
        int rank = Array.FindIndex(Long, name => collection.DisplayName.EndsWith(name, StringComparison.Ordinal));
        return rank < 0 ? Long.Length : rank;
    }
}
