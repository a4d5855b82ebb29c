using System.Security.Cryptography;
using System.Text;
using Rivet.Live.Configuration;

namespace Rivet.Live.Endpoints;

/// <summary>Who may play: everybody, or whoever has a key of <c>Playback:Keys</c> or a signed URL.</summary>
internal sealed class PlaybackGate
{
    /// <summary>How long the URL opens that a key was exchanged for.</summary>
    private static readonly TimeSpan SignedFor = TimeSpan.FromHours(12);

    /// <summary>Signs what keys are exchanged for where no secret is configured; what it signed ends with the process.</summary>
    private readonly byte[] _ownSecret = RandomNumberGenerator.GetBytes(32);

    private readonly TimeProvider _time;
    private volatile Rules _rules;

    public PlaybackGate(LiveSettings settings, TimeProvider time)
    {
        _time = time;
        _rules = RulesOf(settings.Playback);
    }

    /// <summary>From now on these settings hold.</summary>
    public void Replace(PlaybackSettings playback) => _rules = RulesOf(playback);

    /// <summary>
    /// Lets a request pass, its path without the mark of a signed URL; or answers it, with a refusal, or with the signed URL that a key in the
    /// query of a master playlist is exchanged for.
    /// </summary>
    /// <returns>True where it was answered.</returns>
    public async ValueTask<bool> AnswersAsync(HttpContext context)
    {
        Rules rules = _rules;
        string path = context.Request.Path.Value!;
        if (path.AsSpan(HlsPath.Root.Length) is [UrlSigner.Mark, ..] && path.IndexOf('/', HlsPath.Root.Length) is > 0 and int slash)
        {
            string plain = string.Concat(HlsPath.Root, path.AsSpan(slash + 1));
            if (!rules.IsOpen && rules.Signer.WhyNot(path.AsSpan((HlsPath.Root.Length + 1)..slash), HlsPath.BroadcastOf(plain), _time.GetUtcNow()) is var (reason, detail))
            {
                return await RefuseAsync(context, StatusCodes.Status403Forbidden, reason, detail);
            }

            context.Request.Path = plain;
            return false;
        }

        if (rules.IsOpen)
        {
            return false;
        }

        switch (rules.Keys?.Judge(context) ?? KeyVerdict.Missing)
        {
            case KeyVerdict.Missing:
                string ways = rules.Keys is null ? "a signed URL" : "a key of Playback:Keys (as 'Authorization: Bearer KEY', as the password of Basic, or as ?key=KEY) or a signed URL";
                return await RefuseAsync(context, StatusCodes.Status401Unauthorized, "key-required", $"Playing needs {ways}.");
            case KeyVerdict.Wrong:
                return await RefuseAsync(context, StatusCodes.Status403Forbidden, "wrong-key", "The key is none of Playback:Keys.");
        }

        if (context.Request.Query.ContainsKey("key") && HlsPath.Master(path) is { } id)
        {
            string mark = rules.Signer.Sign(id.ToString(), _time.GetUtcNow() + SignedFor);
            context.Response.Headers.CacheControl = HlsAnswers.NeverKeep;
            context.Response.Headers.Location = $"{HlsPath.Root}{UrlSigner.Mark}{mark}{path[(HlsPath.Root.Length - 1)..]}";
            context.Response.StatusCode = StatusCodes.Status307TemporaryRedirect;
            return true;
        }

        context.Response.OnStarting(KeepFromOthersAsync, context);
        return false;
    }

    /// <summary>A cache that does not ask for the key would give what was answered to whoever has none. Signed URLs are not known to those, and stay cacheable.</summary>
    private static Task KeepFromOthersAsync(object state)
    {
        IHeaderDictionary headers = ((HttpContext)state).Response.Headers;
        headers.CacheControl = headers.CacheControl.ToString() switch
        {
            HlsAnswers.KeepOnTheWay => "private, max-age=0",
            string kept => kept.Replace("public", "private", StringComparison.Ordinal),
        };
        headers.Append("Vary", "Authorization");
        return Task.CompletedTask;
    }

    private static async Task<bool> RefuseAsync(HttpContext context, int status, string reason, string detail)
    {
        context.Response.Headers.CacheControl = HlsAnswers.NeverKeep;
        await context.RefuseAsync(Problem.Of(status, reason, detail));
        return true;
    }

    private Rules RulesOf(PlaybackSettings playback) => new(
        playback.Keys.Count > 0 ? new KeyRing(playback.Keys) : null,
        new UrlSigner(playback.SigningSecret is { } secret ? Encoding.UTF8.GetBytes(secret) : _ownSecret),
        IsOpen: playback is { Keys.Count: 0, SigningSecret: null });

    /// <param name="Keys">Null where none is configured.</param>
    /// <param name="Signer">Checks marks.</param>
    /// <param name="IsOpen">Everybody may play.</param>
    private sealed record Rules(KeyRing? Keys, UrlSigner Signer, bool IsOpen);
}
