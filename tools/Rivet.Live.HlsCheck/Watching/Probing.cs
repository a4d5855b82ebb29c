using Rivet.Live.HlsCheck.Playlists;

namespace Rivet.Live.HlsCheck.Watching;

/// <summary>Asks what players seldom ask, one thing after the other, beside the following of the playlist.</summary>
internal sealed class Probing(Origin origin, Rendition rendition, TimeSpan until, IReadOnlyDictionary<string, string> variables)
{
    /// <summary>A delta and a full playlist of one state are asked for together; how often, when the state moves in between.</summary>
    private const int DeltaAttempts = 3;

    private MediaPlaylist Latest => rendition.Latest!;

    public async Task RunLiveAsync(CancellationToken cancelling)
    {
        await AskAsync(ProbeKind.Head, rendition.Uri, default, cancelling, HttpMethod.Head);
        await AskAsync(ProbeKind.Gzip, rendition.Uri, default, cancelling, null, ("Accept-Encoding", "gzip"));
        await ConditionalAsync(cancelling);
        await AskAsync(ProbeKind.UnknownQuery, RenditionWatch.With(rendition.Uri, "rivet=1"), default, cancelling);
        if (Latest is { CanBlock: true, IsEnded: false })
        {
            await AskAsync(ProbeKind.PartAlone, RenditionWatch.With(rendition.Uri, "_HLS_part=0"), default, cancelling);
            await BlockingAsync(ProbeKind.OldSequence, new Position(Math.Max(0, Latest.MediaSequence - 1), -1), cancelling);
            await BlockingAsync(ProbeKind.SequenceTooFar, new Position(Latest.Last.Sequence + 10, -1), cancelling);
        }

        // A broadcast that is watched from its beginning has nothing yet to ask for.
        await UntilAsync(static playlist => playlist.Segments.Any(IsWhole), cancelling);
        await MediaAsync(cancelling);
        if (Latest is { CanBlock: true, IsEnded: false })
        {
            await HoldsAsync(cancelling);
        }

        await UntilAsync(static playlist => playlist.CanSkipUntil is not { } boundary || playlist.Duration > boundary + playlist.TargetDuration, cancelling);
        if (Latest is { CanBlock: true, IsEnded: false })
        {
            await DeltaAsync(ProbeKind.Delta, "&_HLS_skip=YES", cancelling);
            await DeltaAsync(ProbeKind.DeltaV2, "&_HLS_skip=v2", cancelling);
        }
    }

    public Task RunEndedAsync(CancellationToken cancelling)
    {
        var farAhead = new Position(Latest.Last.Sequence + 50, 3);
        return AskAsync(ProbeKind.EndedDirectives, RenditionWatch.Blocking(rendition.Uri, farAhead, "&_HLS_skip=YES"), farAhead, cancelling);
    }

    private static bool IsWhole(SegmentEntry segment) => segment is { IsComplete: true, IsGap: false, Range: null };

    /// <summary>Waits until the newest playlist is like that, or the time is up.</summary>
    private async Task UntilAsync(Func<MediaPlaylist, bool> isReady, CancellationToken cancelling)
    {
        while (Latest is { IsEnded: false } latest && !isReady(latest) && origin.Now < until)
        {
            await Task.Delay(TimeSpan.FromSeconds((double)(latest.PartTarget ?? latest.TargetDuration ?? 1) / 4), origin.Time, cancelling);
        }
    }

    private async Task HoldsAsync(CancellationToken cancelling)
    {
        if (Latest.PartTarget is not null)
        {
            await PartsAsync(cancelling);
        }

        await BlockingAsync(ProbeKind.WholeSegment, new Position(Latest.Next.Sequence, -1), cancelling);
        if (!Latest.IsEnded)
        {
            await BlockingAsync(ProbeKind.LongestHold, new Position(Latest.Last.Sequence + 2, -1), cancelling);
        }
    }

    private async Task PartsAsync(CancellationToken cancelling)
    {
        if (Latest.Segments.LastOrDefault(static segment => segment is { IsComplete: true, IsGap: false, Parts.IsEmpty: false }) is { } closed)
        {
            await BlockingAsync(ProbeKind.RolledOver, new Position(closed.Sequence, 99), cancelling);
        }

        // Asked while the segment is young, or it may end in between, and then the part is one of the next.
        await UntilAsync(static playlist => playlist.Last.Part <= 0, cancelling);
        if (Latest is { IsEnded: false } young && young.Last.Part <= 0)
        {
            decimal target = young.PartTarget!.Value;
            int limit = target < 1 ? (int)Math.Ceiling(3 / target) : 3;
            await BlockingAsync(ProbeKind.PartTooFar, new Position(young.Last.Sequence, young.Last.Part + limit + 10), cancelling);
        }
    }

    private async Task ConditionalAsync(CancellationToken cancelling)
    {
        // A state that moves on between the two is told apart by its tag.
        Exchange plain = await origin.SendAsync(rendition.Uri, cancelling);
        if (plain.Header("ETag") is { } tag)
        {
            await AskAsync(ProbeKind.Conditional, rendition.Uri, default, cancelling, null, ("If-None-Match", tag));
        }
    }

    private async Task MediaAsync(CancellationToken cancelling)
    {
        if (Latest.Segments.LastOrDefault(IsWhole) is not { Uri: { } uri } segment)
        {
            return;
        }

        var at = new Position(segment.Sequence, -1);
        await AskAsync(ProbeKind.MediaRange, uri, at, cancelling, null, ("Range", "bytes=0-99"));
        string path = uri.GetLeftPart(UriPartial.Path);
        int name = path.LastIndexOf('/') + 1;
        await AskAsync(ProbeKind.UnknownMedia, new Uri($"{path[..name]}no-such-{path[name..]}{uri.Query}"), at, cancelling);
    }

    private async Task DeltaAsync(ProbeKind kind, string skip, CancellationToken cancelling)
    {
        for (int attempt = 0; attempt < DeltaAttempts && !Latest.IsEnded; attempt++)
        {
            MediaPlaylist before = Latest;
            Position next = before.PartTarget is null ? before.Next with { Part = -1 } : before.Next;
            Task<Exchange> fullAsked = origin.SendAsync(RenditionWatch.Blocking(rendition.Uri, next), cancelling);
            Exchange delta = await origin.SendAsync(RenditionWatch.Blocking(rendition.Uri, next, skip), cancelling);
            MediaPlaylist? full = Parse(await fullAsked);
            MediaPlaylist? answer = Parse(delta);
            if (answer is null || (full is not null && full.Last == answer.Last && full.IsEnded == answer.IsEnded) || attempt == DeltaAttempts - 1)
            {
                rendition.Add(new Probe(kind, before, next, delta, answer, full));
                return;
            }
        }
    }

    private Task BlockingAsync(ProbeKind kind, Position wanted, CancellationToken cancelling) =>
        AskAsync(kind, RenditionWatch.Blocking(rendition.Uri, wanted), wanted, cancelling);

    private async Task AskAsync(
        ProbeKind kind, Uri uri, Position wanted, CancellationToken cancelling, HttpMethod? method = null, params (string Name, string Value)[] headers)
    {
        MediaPlaylist before = Latest;
        Exchange exchange = await origin.SendAsync(uri, cancelling, method, headers);
        rendition.Add(new Probe(kind, before, wanted, exchange, Parse(exchange)));
    }

    private MediaPlaylist? Parse(Exchange exchange) => exchange.IsOk && MediaPlaylistParser.IsMeant(exchange.Text)
        ? MediaPlaylistParser.Parse(rendition.Uri, exchange.Text, variables)
        : null;
}
