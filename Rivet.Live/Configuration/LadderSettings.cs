namespace Rivet.Live.Configuration;

/// <summary>Which renditions a broadcast gets.</summary>
internal sealed record LadderSettings
{
    /// <summary>From the operator's list, in its order. Those above the source's height are left out per broadcast, not here.</summary>
    public IReadOnlyList<RenditionSettings> Renditions { get; init; } =
        [.. RenditionPresets.DefaultNames.Select(name => RenditionPresets.Named(name, RenditionCodec.H264))];

    /// <summary>Whether the publisher's own video is a rendition too.</summary>
    public SourceRendition Source { get; init; } = SourceRendition.Auto;

    /// <summary>What happens when the machine cannot keep up.</summary>
    public OverloadPolicy Overload { get; init; } = OverloadPolicy.Shed;
}
