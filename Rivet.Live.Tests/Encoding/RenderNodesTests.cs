using Rivet.Live.Core.Encoding;
using Rivet.Live.Tests.Support;
using Xunit;

namespace Rivet.Live.Tests.Encoding;

public sealed class RenderNodesTests : IDisposable
{
    private readonly TemporaryFolder _root = new();

    [Fact]
    public void Nodes_AreNamedByTheKernel()
    {
        Node("renderD128", ("vendor", "0x8086"), ("device", "0x56a0"));
        Node("renderD129", ("vendor", "0x10de"), ("device", "0x27b8"));
        Node("renderD130", ("vendor", "0x1002"), ("device", "0x744c"), ("product_name", "Radeon PRO W7900"));
        Node("renderD131", ("vendor", "0x1af4"), ("device", "0x1050"));
        Node("renderD132");
        Directory.CreateDirectory(Path.Combine(Sysfs, "card0", "device"));

        IReadOnlyList<IReadOnlyList<HardwareNode>> found = RenderNodes.Find(Sysfs, Devices);

        Assert.Equal(
            [
                [
                    new HardwareNode(EncoderApi.Qsv, "intel", "PCI 8086:56a0", Path.Combine(Devices, "renderD128")),
                    new HardwareNode(EncoderApi.Vaapi, "intel", "PCI 8086:56a0", Path.Combine(Devices, "renderD128")),
                ],
                [new HardwareNode(EncoderApi.Vaapi, "amd", "Radeon PRO W7900", Path.Combine(Devices, "renderD130"))],
            ],
            found);
    }

    [Fact]
    public void Node_WithoutAFile_IsNotOffered()
    {
        Node("renderD128", ("vendor", "0x1002"), ("device", "0x744c"));
        File.Delete(Path.Combine(Devices, "renderD128"));

        Assert.Empty(RenderNodes.Find(Sysfs, Devices));
    }

    [Fact]
    public void Machine_WithoutGraphics_HasNone() => Assert.Empty(RenderNodes.Find(Sysfs, Devices));

    public void Dispose() => _root.Dispose();

    private string Sysfs => _root.PathOf("sys");

    private string Devices => _root.PathOf("dev");

    private void Node(string name, params (string Attribute, string Value)[] attributes)
    {
        string device = Path.Combine(Sysfs, name, "device");
        Directory.CreateDirectory(device);
        Directory.CreateDirectory(Devices);
        File.WriteAllText(Path.Combine(Devices, name), "");
        foreach ((string attribute, string value) in attributes)
        {
            File.WriteAllText(Path.Combine(device, attribute), value + "\n");
        }
    }
}
