using System.Text.RegularExpressions;
using Rivet.Live.Core.Demuxing;
using Xunit;



namespace Rivet.Live.Tests.Demuxing;

/// <summary>Every reason is described.</summary>
public sealed partial class IngestRejectReasonTests
{
    [Fact]
    public void EveryReason_HasAWordOfItsOwnAndAStatus()
    {
        IngestRejectReason[] reasons = Enum.GetValues<IngestRejectReason>();

        Assert.All(reasons, static reason => Assert.Matches(KebabCase(), reason.Word()));
        Assert.All(reasons, static reason => Assert.Contains(reason.HttpStatus(), new[] { 400, 412, 413, 415 }));
        Assert.Equal(reasons.Length, reasons.Select(static reason => reason.Word()).Distinct().Count());
    }

    [GeneratedRegex("^[a-z]+(-[a-z]+)*$")]
    private static partial Regex KebabCase();
}
