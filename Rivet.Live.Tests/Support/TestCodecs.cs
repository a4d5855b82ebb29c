using Microsoft.Extensions.Logging.Abstractions;
using Rivet.Live.Core.Encoding;

namespace Rivet.Live.Tests.Support;

/// <summary>The codec libraries, loaded once for all tests.</summary>
internal static class TestCodecs
{
    public static Codecs Shared { get; } = Codecs.Load(NullLoggerFactory.Instance, TimeProvider.System);
}
