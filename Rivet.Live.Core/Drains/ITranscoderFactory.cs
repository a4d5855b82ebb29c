namespace Rivet.Live.Core.Drains;

/// <summary>Makes transcoders of one kind for one rendition.</summary>
internal interface ITranscoderFactory
{
    /// <summary>The transcoder's name in stats and logs, for example <c>ladder</c>.</summary>
    string Name { get; }

    /// <summary>The rendition its transcoders publish, for example <c>720p</c>.</summary>
    string Rendition { get; }

    /// <summary>A transcoder for a track that just opened, or null to leave that track alone.</summary>
    ITranscoder? Build(TranscoderContext context);
}
