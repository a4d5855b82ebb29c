using System.Runtime.InteropServices;
using Rivet.Live.Configuration;

namespace Rivet.Live.Hosting;

/// <summary>The <c>doctor</c> verb: what this machine offers, a fact per line.</summary>
internal static class Doctor
{
    public static ExitCode Report(LiveSettings settings, TextWriter output)
    {
        output.WriteLine($"system      {RuntimeInformation.OSDescription} {RuntimeInformation.OSArchitecture}");
        output.WriteLine($"runtime     {RuntimeInformation.FrameworkDescription}");
        output.WriteLine($"processors  {Environment.ProcessorCount}");
        foreach (RenditionSettings rendition in settings.Ladder.Renditions)
        {
            string rate = rendition.MaxFrameRate is double most ? $", at most {most} pictures/s" : "";
            output.WriteLine($"rendition   {rendition.Name}: {rendition.Height} lines, {rendition.VideoBitrateBps} b/s, "
                + $"{KebabWords<RenditionCodec>.Write(rendition.Codec)}{rate}");
        }

        return ExitCode.Done;
    }
}
