using Rivet.Live.Core.Encoding.Nvenc;
using Xunit;

namespace Rivet.Live.Tests.Encoding.Nvenc;

/// <summary>When a sample may be asked for: never before the driver can have it, and always in the order of the pictures.</summary>
public class NvencOutputsTests
{
    [Fact]
    public void WithoutDelay_EachIsDueAtOnce()
    {
        NvencOutputs outputs = new(delay: 0);
        for (int number = 0; number < 3; number++)
        {
            Assert.Null(outputs.Due);
            outputs.Sent(Output(number), isAccepted: true);
            Assert.Equal(number, outputs.Due!.PresentationTime);
            outputs.Taken();
        }

        Assert.True(outputs.IsEmpty);
    }

    [Fact]
    public void WithDelay_TheFirstIsDueThatMuchLaterAndTheRestAtTheEnd()
    {
        NvencOutputs outputs = new(delay: 2);
        outputs.Sent(Output(0), isAccepted: true);
        outputs.Sent(Output(1), isAccepted: true);
        Assert.Null(outputs.Due);
        outputs.Sent(Output(2), isAccepted: true);
        Assert.Equal(0, outputs.Due!.PresentationTime);
        outputs.Taken();
        Assert.Null(outputs.Due);

        outputs.End();
        Assert.Equal(1, outputs.Due!.PresentationTime);
        outputs.Taken();
        Assert.Equal(2, outputs.Due!.PresentationTime);
        outputs.Taken();
        Assert.Null(outputs.Due);
    }

    [Fact]
    public void ThoseThatNeededMoreInput_AreDueOnceALaterOneIsAccepted()
    {
        NvencOutputs outputs = new(delay: 0);
        outputs.Sent(Output(0), isAccepted: false);
        outputs.Sent(Output(1), isAccepted: false);
        Assert.Null(outputs.Due);
        outputs.Sent(Output(2), isAccepted: true);
        outputs.Sent(Output(3), isAccepted: false);

        List<long> due = [];
        while (outputs.Due is { } output)
        {
            due.Add(output.PresentationTime);
            outputs.Taken();
        }

        Assert.Equal([0, 1, 2], due);
        outputs.End();
        Assert.Equal(3, outputs.Due!.PresentationTime);
    }

    private static NvencOutput Output(int number) => new(new NvencBuffers(number, number), number);
}
