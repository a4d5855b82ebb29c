namespace Rivet.Live.Configuration;

/// <summary>One thing wrong with the configuration, complete enough to mend it.</summary>
/// <param name="Key">The key or option, as the operator writes it.</param>
/// <param name="Seen">What stands there. Never a secret's value.</param>
/// <param name="Allowed">What may stand there.</param>
internal sealed record SettingMistake(string Key, string Seen, string Allowed)
{
    public override string ToString() => $"{Key}: saw {Seen}; allowed: {Allowed}.";
}
