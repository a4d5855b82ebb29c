using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text;

namespace Rivet.Live.Endpoints;

/// <summary>The instruments of a meter in Prometheus' text format 0.0.4, named by OpenTelemetry's rules for Prometheus.</summary>
/// <remarks>What is not measured any more is not written any more: the series of a broadcast end with it.</remarks>
internal static class PrometheusText
{
    public const string MediaType = "text/plain; version=0.0.4; charset=utf-8";

    public static string Write(Meter meter)
    {
        SortedDictionary<string, Family> families = new(StringComparer.Ordinal);
        using MeterListener listener = new();
        listener.InstrumentPublished = (instrument, its) =>
        {
            if (instrument.Meter == meter)
            {
                string name = NameOf(instrument);
                families[name] = new Family(instrument);
                its.EnableMeasurementEvents(instrument, name);
            }
        };
        listener.SetMeasurementEventCallback<double>((_, value, tags, name) => families[(string)name!].Add((string)name!, value, tags));
        listener.SetMeasurementEventCallback<long>((_, value, tags, name) => families[(string)name!].Add((string)name!, value, tags));
        listener.SetMeasurementEventCallback<int>((_, value, tags, name) => families[(string)name!].Add((string)name!, value, tags));
        listener.Start();
        listener.RecordObservableInstruments();

        StringBuilder text = new();
        foreach ((string name, Family family) in families.Where(static family => family.Value.Samples.Length > 0))
        {
            text.Append(CultureInfo.InvariantCulture, $"# HELP {name} {family.Instrument.Description}\n# TYPE {name} {(IsCounter(family.Instrument) ? "counter" : "gauge")}\n");
            text.Append(family.Samples);
        }

        return text.ToString();
    }

    /// <summary>Dots become underscores; the unit is spelled out behind the name, and <c>total</c> behind a counter's.</summary>
    public static string NameOf(Instrument instrument)
    {
        string unit = instrument.Unit switch
        {
            "s" => "_seconds",
            "By" => "_bytes",
            "1" => "_ratio",
            "{pixel}/s" => "_pixels_per_second",
            null or ['{', ..] => "",
            _ => throw new InvalidOperationException($"{instrument.Name} has the unit {instrument.Unit}, which has no name in Prometheus here."),
        };
        return $"{instrument.Name.Replace('.', '_')}{unit}{(IsCounter(instrument) ? "_total" : "")}";
    }

    private static bool IsCounter(Instrument instrument) => instrument is ObservableCounter<double> or ObservableCounter<long>;

    private sealed class Family(Instrument instrument)
    {
        public Instrument Instrument => instrument;

        public StringBuilder Samples { get; } = new();

        public void Add(string name, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            Samples.Append(name);
            for (int index = 0; index < tags.Length; index++)
            {
                Samples.Append(index == 0 ? '{' : ',').Append(tags[index].Key).Append("=\"");
                Samples.Append(Escaped((string)tags[index].Value!)).Append('"');
            }

            Samples.Append(tags.Length > 0 ? "} " : " ").Append(value.ToString("R", CultureInfo.InvariantCulture)).Append('\n');
        }

        private static string Escaped(string value) =>
            value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);
    }
}
