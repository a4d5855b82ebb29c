namespace Rivet.Live.Configuration;

/// <summary>Turns configuration text into <see cref="LiveSettings"/>: the only place that knows the keys.</summary>
internal static class LiveSettingsReader
{
    private const int ConstantQpMax = 51;
    private const int ConstantQpMaxOfAv1 = 63;

    private static readonly LiveSettings Defaults = new();

    /// <summary>Every key there is, as the manual has to name them; a list's entries end in <c>:*</c>.</summary>
    public static IReadOnlyList<string> Keys
    {
        get
        {
            SettingsReader reader = new((IConfigurationRoot)new ConfigurationBuilder().Build());
            Convert(reader);
            return reader.KnownKeys;
        }
    }

    /// <param name="configuration">All sources, in rising order.</param>
    /// <param name="devTls">Whether <c>--dev-tls</c> was given, which no key can say.</param>
    public static SettingsReading Read(IConfigurationRoot configuration, bool devTls = false)
    {
        SettingsReader reader = new(configuration);
        LiveSettings settings = Convert(reader) with { Listen = ReadListen(reader, configuration, devTls) };
        if (settings.Ladder.Renditions.Count == 0 && settings.Ladder.Source == SourceRendition.Never && reader.Mistakes.Count == 0)
        {
            reader.Report("Ladder:Renditions", "an empty list while Ladder:Source is never", "at least one rendition, or Ladder:Source=auto");
        }

        if (settings.Encoding.ConstantQp > ConstantQpMax && settings.Ladder.Renditions.Any(static rendition => rendition.Codec != RenditionCodec.Av1))
        {
            reader.Report(
                "Encoding:ConstantQp",
                $"'{settings.Encoding.ConstantQp}' while not every rendition is AV1",
                $"a whole number from 0 to {ConstantQpMax}; H.264 and HEVC have no more");
        }

        UnknownKeys.Report(reader, configuration);
        return new SettingsReading(settings, reader.Mistakes);
    }

    private static LiveSettings Convert(SettingsReader reader)
    {
        EncodingSettings encoding = ReadEncoding(reader);
        return new LiveSettings
        {
            Ingest = new IngestSettings
            {
                Keys = reader.Secrets("Ingest:Keys", mayNameBroadcasts: true),
                Idle = reader.Seconds("Ingest:IdleSeconds", Defaults.Ingest.Idle),
                Stall = reader.Seconds("Ingest:StallSeconds", Defaults.Ingest.Stall),
                Reconnect = reader.Seconds("Ingest:ReconnectSeconds", Defaults.Ingest.Reconnect),
                MaxBroadcasts = reader.WholeNumber("Ingest:MaxBroadcasts", Defaults.Ingest.MaxBroadcasts, least: 1, most: 100_000),
                MaxFragmentBytes = reader.WholeNumber(
                    "Ingest:MaxFragmentBytes", Defaults.Ingest.MaxFragmentBytes, least: 64 * 1024, most: 1024 * 1024 * 1024),
            },
            Ladder = new LadderSettings
            {
                Renditions = RenditionListReader.Read(reader, encoding.Codec),
                Source = reader.Word("Ladder:Source", Defaults.Ladder.Source),
                Overload = reader.Word("Ladder:Overload", Defaults.Ladder.Overload),
            },
            Encoding = encoding,
            Hls = ReadHls(reader),
            Recording = new RecordingSettings { Directory = ReadFolder(reader, "Recording:Directory") },
            Playback = new PlaybackSettings
            {
                Keys = reader.Secrets("Playback:Keys"),
                SigningSecret = reader.Text("Playback:SigningSecret"),
            },
            Operator = new OperatorSettings { Keys = reader.Secrets("Operator:Keys") },
            Stats = new StatsSettings
            {
                KeepEnded = reader.Seconds("Stats:KeepEndedSeconds", Defaults.Stats.KeepEnded),
                OtlpEndpoint = ReadCollector(reader, "Stats:OtlpEndpoint"),
                OtlpInterval = reader.Seconds("Stats:OtlpSeconds", Defaults.Stats.OtlpInterval),
            },
            Logging = new LoggingSettings { Format = reader.Word("Logging:Format", Defaults.Logging.Format) },
            Shutdown = new ShutdownSettings { Drain = reader.Seconds("Shutdown:DrainSeconds", Defaults.Shutdown.Drain) },
        };
    }

    private static EncodingSettings ReadEncoding(SettingsReader reader)
    {
        EncodingPolicy policy = Defaults.Encoding.Policy;
        string? policyText = reader.Text("Encoding:Policy");
        if (policyText is not null && !EncodingPolicy.TryParse(policyText, out policy!))
        {
            reader.Report("Encoding:Policy", $"'{policyText}'", EncodingPolicy.Grammar);
        }

        return new EncodingSettings
        {
            Policy = policy ?? Defaults.Encoding.Policy,
            SlotsPerDevice = reader.WholeNumber("Encoding:SlotsPerDevice", Defaults.Encoding.SlotsPerDevice, least: 0, most: 1024),
            DecodeDevice = reader.WholeNumber("Encoding:DecodeDevice", Defaults.Encoding.DecodeDevice, least: 0, most: 1024),
            DecodersMax = reader.WholeNumber("Encoding:DecodersMax", Defaults.Encoding.DecodersMax, least: 0, most: 1024),
            Simulated = SimulatedDeviceListReader.Read(reader),
            Fallback = reader.Word("Encoding:Fallback", Defaults.Encoding.Fallback),
            Codec = reader.Word("Encoding:Codec", Defaults.Encoding.Codec),
            Target = reader.Word("Encoding:Target", Defaults.Encoding.Target),
            Tier = reader.Word("Encoding:Tier", Defaults.Encoding.Tier),
            ConstantQp = reader.WholeNumber("Encoding:ConstantQp", Defaults.Encoding.ConstantQp, least: 0, most: ConstantQpMaxOfAv1),
            Options = EncoderOptionListReader.Read(reader),
            Isolation = reader.Word("Encoding:Isolation", Defaults.Encoding.Isolation),
            ChildMaxMegabytes = reader.WholeNumber("Encoding:ChildMaxMegabytes", Defaults.Encoding.ChildMaxMegabytes, least: 64, most: 1024 * 1024),
            Nvenc = reader.Word("Encoding:Nvenc", Defaults.Encoding.Nvenc),
        };
    }

    private static HlsSettings ReadHls(SettingsReader reader)
    {
        HlsSettings hls = new()
        {
            Part = reader.Seconds("Hls:PartSeconds", Defaults.Hls.Part),
            Segment = reader.Seconds("Hls:SegmentSeconds", Defaults.Hls.Segment),
            Window = reader.Seconds("Hls:WindowSeconds", Defaults.Hls.Window),
            KeepEnded = reader.Seconds("Hls:KeepEndedSeconds", Defaults.Hls.KeepEnded),
            SpillDirectory = ReadFolder(reader, "Hls:SpillDirectory"),
        };
        if (hls.Part > hls.Segment)
        {
            reader.Report("Hls:PartSeconds", $"{hls.Part.TotalSeconds} s", $"at most Hls:SegmentSeconds, which is {hls.Segment.TotalSeconds} s");
        }

        // RFC 8216bis 6.2.2: a live playlist must not be shorter than three target durations.
        if (hls.Window < 3 * hls.Segment)
        {
            reader.Report(
                "Hls:WindowSeconds",
                $"{hls.Window.TotalSeconds} s",
                $"at least three times Hls:SegmentSeconds, which makes {3 * hls.Segment.TotalSeconds} s");
        }

        if (hls.SpillDirectory is null && hls.Window > HlsSettings.WindowInMemoryMax)
        {
            reader.Report(
                "Hls:WindowSeconds",
                $"{hls.Window.TotalSeconds} s without Hls:SpillDirectory",
                $"at most {HlsSettings.WindowInMemoryMax.TotalSeconds} s in memory, or more with Hls:SpillDirectory, where segments go to disk");
        }

        return hls;
    }

    /// <summary>A folder that can be written to; null when nobody wrote one.</summary>
    private static string? ReadFolder(SettingsReader reader, string key)
    {
        string? folder = reader.Folder(key);
        if (folder is not null && FolderProbe.WhyNotWritable(folder) is { } why)
        {
            reader.Report(key, $"'{folder}', where nothing can be written ({why})", "a folder on a local disk that this user may make or write to");
        }

        return folder;
    }

    private static Uri? ReadCollector(SettingsReader reader, string key)
    {
        if (reader.Text(key) is not { } text)
        {
            return null;
        }

        if (Uri.TryCreate(text, UriKind.Absolute, out Uri? collector) && (collector.Scheme is "http" or "https"))
        {
            return collector;
        }

        reader.Report(key, $"'{text}'", "the address of an OpenTelemetry collector, such as http://127.0.0.1:4318, or nothing");
        return null;
    }

    private static ListenSettings ReadListen(SettingsReader reader, IConfigurationRoot configuration, bool devTls)
    {
        const string key = "urls";
        string? text = reader.Text(key);
        if (text is null)
        {
            string[] byDefault = devTls ? [ListenSettings.DefaultUrl, ListenSettings.DefaultTlsUrl] : [ListenSettings.DefaultUrl];
            return new ListenSettings { Urls = byDefault, DevTls = devTls };
        }

        string[] urls = text.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        foreach (string url in urls)
        {
            if (!IsAddress(url))
            {
                reader.Report(key, $"'{url}'", "http://ADDRESS:PORT or https://ADDRESS:PORT without a path, several joined by ';'"
                    + "; port 0 needs an IP address, such as http://127.0.0.1:0");
            }
        }

        bool hasTls = urls.Any(url => url.StartsWith("https://", StringComparison.OrdinalIgnoreCase));
        if (hasTls && !devTls && !configuration.GetSection("Kestrel:Certificates:Default").Exists())
        {
            reader.Report(key, $"'{text}' without a certificate", "https with Kestrel:Certificates:Default:Path (and KeyPath), or with --dev-tls");
        }

        if (devTls && !hasTls)
        {
            reader.Report("--dev-tls", $"no https address in '{text}'", "--dev-tls together with --urls https://ADDRESS:PORT, or without --urls");
        }

        return new ListenSettings { Urls = urls, DevTls = devTls };
    }

    private static bool IsAddress(string url)
    {
        if (!url.StartsWith("http://", StringComparison.OrdinalIgnoreCase) && !url.StartsWith("https://", StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }

        try
        {
            BindingAddress address = BindingAddress.Parse(url);
            bool isName = !System.Net.IPAddress.TryParse(address.Host, out _);
            return address.PathBase.Length == 0 && address.Port is >= 0 and <= 65535 && address.Host.Length > 0 && !(address.Port == 0 && isName);
        }
        catch (FormatException)
        {
            return false;
        }
    }
}
