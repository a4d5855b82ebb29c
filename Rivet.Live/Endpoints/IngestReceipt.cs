namespace Rivet.Live.Endpoints;

/// <summary>What a publisher is told at the end: what arrived.</summary>
internal sealed record IngestReceipt(
    string Broadcast, long Bytes, long Fragments, double DurationSeconds, IReadOnlyList<IngestReceiptTrack> Tracks);

/// <summary>One of the publisher's tracks.</summary>
internal sealed record IngestReceiptTrack(string Kind, string Codec, int? Width, int? Height, int? SampleRate, int? Channels);
