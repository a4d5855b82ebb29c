using Rivet.Live.Core.Drains;

namespace Rivet.Live.Tests.Drains;

/// <summary>Makes scripted transcoders and keeps them.</summary>
internal sealed class ScriptedFactory(string rendition, Func<TranscoderContext, ScriptedTranscoder?> build) : ITranscoderFactory
{
    public ScriptedFactory(string rendition, Func<string, bool>? throws = null)
        : this(rendition, _ => new ScriptedTranscoder(throws))
    {
    }

    public string Name => "scripted";

    public string Rendition => rendition;

    public List<ScriptedTranscoder> Made { get; } = [];

    public List<TranscoderContext> Asked { get; } = [];

    public ITranscoder? Build(TranscoderContext context)
    {
        Asked.Add(context);
        ScriptedTranscoder? transcoder = build(context);
        if (transcoder is not null)
        {
            Made.Add(transcoder);
        }

        return transcoder;
    }
}
