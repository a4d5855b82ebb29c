using System.Text.Json;
using Microsoft.Extensions.Configuration.Memory;

namespace Rivet.Live.Configuration;

/// <summary>The sources of the configuration, in rising order, and what they say.</summary>
/// <remarks>appsettings.json beside the program · <c>--config FILE</c> · <c>RIVET_</c> environment variables · the command line.</remarks>
internal sealed class LiveConfiguration
{
    private LiveConfiguration(IConfigurationRoot root, SettingsReading reading)
    {
        Root = root;
        Reading = reading;
    }

    /// <summary>For the sections that the web host reads itself: <c>Logging</c> and <c>Kestrel</c>.</summary>
    public IConfigurationRoot Root { get; }

    public SettingsReading Reading { get; }

    /// <param name="commandLine">The command line, taken apart.</param>
    /// <param name="manualPath">appsettings.json; it may be missing, the built-in defaults say the same.</param>
    public static LiveConfiguration Load(CommandLine commandLine, string manualPath)
    {
        List<SettingMistake> mistakes = [.. commandLine.Mistakes];
        ConfigurationBuilder builder = new();
        AddJson(builder, "appsettings.json", manualPath, isOptional: true, mistakes);
        if (commandLine.ConfigFile is not null)
        {
            AddJson(builder, "--config", Path.GetFullPath(commandLine.ConfigFile), isOptional: false, mistakes);
        }

        builder.AddEnvironmentVariables("RIVET_");
        builder.Add(new MemoryConfigurationSource { InitialData = commandLine.Values });
        IConfigurationRoot root = builder.Build();
        SettingsReading reading = LiveSettingsReader.Read(root, commandLine.DevTls);
        return new LiveConfiguration(root, reading with { Mistakes = [.. mistakes, .. reading.Mistakes] });
    }

    private static void AddJson(ConfigurationBuilder builder, string key, string path, bool isOptional, List<SettingMistake> mistakes)
    {
        if (!File.Exists(path))
        {
            if (!isOptional)
            {
                mistakes.Add(new SettingMistake(key, $"'{path}', which is not there", "the path of a JSON file that can be read"));
            }

            return;
        }

        try
        {
            // Parsed by itself first: a file that is no JSON is one mistake among others, not the end of reading.
            byte[] text = File.ReadAllBytes(path);
            _ = new ConfigurationBuilder().AddJsonStream(new MemoryStream(text)).Build();
            builder.AddJsonStream(new MemoryStream(text));
        }
        catch (Exception broken) when (broken is JsonException or InvalidDataException or FormatException or IOException or UnauthorizedAccessException)
        {
            string why = broken.InnerException?.Message ?? broken.Message;
            mistakes.Add(new SettingMistake(key, $"'{path}', which cannot be read ({why})", "a JSON file as appsettings.json is one"));
        }
    }
}
