using System.Globalization;

namespace Rivet.Live.Core.Stats;

/// <summary>Reads out of two snapshots what happened between them.</summary>
internal static class TimelineWriter
{
    private const string Information = "info";
    private const string Warning = "warning";
    private const string Error = "error";

    public static void Note(LiveStats before, LiveStats now, Timeline timeline)
    {
        if (before.Server.State != now.Server.State)
        {
            timeline.Add("server-" + now.Server.State, Information, $"The server is {now.Server.State}.");
        }

        Dictionary<string, DeviceStats> devices = before.Devices.ToDictionary(static device => device.Device);
        foreach (DeviceStats device in now.Devices)
        {
            NoteDevice(devices.GetValueOrDefault(device.Device), device, timeline);
        }

        Dictionary<string, BroadcastStats> broadcasts = before.Broadcasts.ToDictionary(static broadcast => broadcast.Session);
        foreach (BroadcastStats broadcast in now.Broadcasts)
        {
            NoteBroadcast(broadcasts.GetValueOrDefault(broadcast.Session), broadcast, timeline);
        }
    }

    private static void NoteDevice(DeviceStats? before, DeviceStats now, Timeline timeline)
    {
        if ((before?.Healthy ?? true) == now.Healthy)
        {
            return;
        }

        timeline.Add(
            now.Healthy ? "device-back" : "device-failed",
            now.Healthy ? Information : Error,
            now.Healthy ? $"{now.Device} encodes again." : $"{now.Device} failed and is left alone for a while.",
            now.Device);
    }

    private static void NoteBroadcast(BroadcastStats? before, BroadcastStats now, Timeline timeline)
    {
        string publisher = now.Publisher is { } known ? $"{known.Remote} ({known.Dialect})" : "somebody";
        void Tell(string kind, string severity, string text) => timeline.AddOf(now.Session, kind, severity, text);
        if (before is null)
        {
            Tell("began", Information, $"Published by {publisher}.");
            timeline.Add("broadcast-began", Information, $"{now.Broadcast} began.", broadcast: now.Broadcast);
        }
        else if (before is { State: "live", Publisher: { } last } && now is { State: "live", Publisher: { } next } && last != next)
        {
            Tell("publisher-changed", Information, $"Now published by {publisher}.");
        }

        string wasState = before?.State ?? "starting";
        if (wasState != now.State)
        {
            NoteState(wasState, now, publisher, timeline, Tell);
        }

        foreach (SourceStats track in now.Source)
        {
            NoteSource(before?.Source.FirstOrDefault(other => other.Track == track.Track), track, Tell);
        }

        foreach (RenditionStats rendition in now.Renditions)
        {
            NoteRendition(before?.Renditions.FirstOrDefault(other => other.Rendition == rendition.Rendition), rendition, now, timeline);
        }
    }

    private static void NoteState(string wasState, BroadcastStats now, string publisher, Timeline timeline, Action<string, string, string> tell)
    {
        switch (now.State)
        {
            case "live":
                tell(
                    wasState == "interrupted" ? "resumed" : "live",
                    Information,
                    wasState == "interrupted" ? $"The publisher is back: {publisher}." : "The first media is here.");
                break;
            case "interrupted":
                tell("interrupted", Warning, "The publisher's connection broke; players wait for it to come back.");
                break;
            case "ended":
                tell("ended", Information, "The broadcast has ended.");
                timeline.Add("broadcast-ended", Information, $"{now.Broadcast} ended.", broadcast: now.Broadcast);
                break;
        }
    }

    private static void NoteSource(SourceStats? before, SourceStats now, Action<string, string, string> tell)
    {
        if (before is not null && (before.Codec, before.Width, before.Height) != (now.Codec, now.Width, now.Height))
        {
            tell("source-changed", Information, $"The publisher's {now.Track} is now {now.Codec}{(now.Width is null ? "" : $", {now.Width}x{now.Height}")}.");
        }

        if (now.GapSeconds - (before?.GapSeconds ?? 0) is > 0 and double gap)
        {
            tell("gap", Warning, $"{Seconds(gap)} of {now.Track} did not come: told to players as a gap.");
        }
    }

    private static void NoteRendition(RenditionStats? before, RenditionStats now, BroadcastStats broadcast, Timeline timeline)
    {
        void Tell(string kind, string severity, string text) => timeline.AddOf(broadcast.Session, kind, severity, $"{now.Rendition}: {text}", now.Rendition, now.Device);
        string wasState = before?.State ?? "starting";
        if (wasState != now.State && now is { State: "running" or "failed" } or { State: "degraded", Shed: false })
        {
            Tell(
                $"rendition-{now.State}",
                now.State switch { "failed" => Error, "degraded" => Warning, _ => Information },
                now.State switch
                {
                    "failed" => "given up, no device encodes it.",
                    "degraded" => "does not keep up.",
                    _ => $"encoded by {now.Encoder ?? "an encoder"} on {now.Device ?? "a device"}.",
                });
        }

        if (now.Failovers > (before?.Failovers ?? 0))
        {
            Tell("failover", Warning, before?.Device is { } failed && failed != now.Device ? $"moved from {failed}, which failed, to {now.Device}." : $"{now.Device} took over from a device that failed.");
        }
        else if (now.EncoderRestarts > (before?.EncoderRestarts ?? 0))
        {
            Tell("encoder-restarted", Warning, $"its encoder failed; the chunk is encoded again{(now.Device is null ? "" : $" on {now.Device}")}.");
        }

        if (before is not null && before.Shed != now.Shed)
        {
            Tell(
                now.Dropped ? "dropped" : now.Shed ? "shed" : "unshed",
                now is { Shed: true, Dropped: false } ? Warning : Information,
                now.Dropped ? "taken out by an operator." : now.Shed ? "shed, the devices do not keep real time." : "encoded again.");
        }

        long panics = now.Panics - (before?.Panics ?? 0);
        if (panics > 0)
        {
            Tell("panic", Error, $"{Count(panics, "exception")} caught; the log has them.");
        }

        long dropped = now.FragmentsSkipped - (before?.FragmentsSkipped ?? 0);
        if (dropped > 0)
        {
            Tell("skip", Warning, $"too slow, {Count(dropped, "fragment")} left out.");
        }

        if (!now.Shed && now.GapSeconds - (before?.GapSeconds ?? 0) is > 0 and double gap)
        {
            Tell("gap", Warning, $"{Seconds(gap)} told to players as a gap.");
        }
    }

    private static string Seconds(double seconds) => string.Create(CultureInfo.InvariantCulture, $"{seconds:0.0} s");

    private static string Count(long count, string what) => string.Create(CultureInfo.InvariantCulture, $"{count} {what}{(count == 1 ? "" : "s")}");
}
