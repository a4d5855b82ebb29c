namespace Rivet.Live.Configuration;

/// <summary>Reads <c>Encoding:Simulated</c>: objects, or numbers of slots.</summary>
internal static class SimulatedDeviceListReader
{
    private const string Key = "Encoding:Simulated";
    private const int SlotsMax = 1024;

    private static readonly string[] Fields = ["Family", "Slots", "Speed"];

    public static IReadOnlyList<SimulatedDeviceSettings> Read(SettingsReader reader)
    {
        IReadOnlyList<ListEntry> entries = reader.List(Key) ?? [];
        foreach (string field in Fields)
        {
            reader.Know($"{Key}:*:{field}");
        }

        return [.. entries.Select(entry => Read(reader, entry))];
    }

    private static SimulatedDeviceSettings Read(SettingsReader reader, ListEntry entry)
    {
        if (!entry.IsObject)
        {
            bool isNumber = int.TryParse(entry.Text, out int slots) && slots is > 0 and <= SlotsMax;
            if (!isNumber)
            {
                reader.Report(entry.Key, $"'{entry.Text}'", $"a number of slots from 1 to {SlotsMax}, or an object with Family, Slots and Speed");
            }

            return new SimulatedDeviceSettings(EncoderFamily.Nvidia, isNumber ? slots : 1, Speed: null);
        }

        EncoderFamily family = reader.Word($"{entry.Key}:Family", EncoderFamily.Nvidia);
        if (family == EncoderFamily.Software)
        {
            reader.Report($"{entry.Key}:Family", "'software', which is the CPU", "nvidia, intel or amd");
        }

        return new SimulatedDeviceSettings(
            family, reader.WholeNumber($"{entry.Key}:Slots", fallback: 1, least: 1, most: SlotsMax), reader.Rate($"{entry.Key}:Speed", most: 1000));
    }
}
