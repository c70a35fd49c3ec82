using LlmGuard.Plugins.InjectionProtection.Prompts.Words;
using LlmGuard.Scanning.Lexing;
using static LlmGuard.Plugins.InjectionProtection.Prompts.Words.WordClass;

namespace LlmGuard.Plugins.InjectionProtection.Prompts.Signals;

/// <summary>
/// How much a text speaks about models and attacks on them, where an attack speaks to one: it names them in the plural or as somebody's ("your
/// assistant", "our chatbot"), and it has words that only an onlooker has ("attackers", "mitigation").
/// </summary>
/// <remarks>
/// Whoever attacks may write in these words as well. So a topic only raises what weak signs have to add up to, by a bounded amount that the long
/// jailbreaks pass all the same, and never weakens a sign that is plain in itself.
/// </remarks>
internal static class ModelTalk
{
    private const int Some = 2;
    private const int Much = 5;
    private const double Raise = 4;

    /// <summary>The most that <see cref="Weight"/> gives.</summary>
    public const double Most = 2 * Raise;

    private static readonly WordTable<bool> Many = WordSets.Of("models assistants chatbots bots llms modelle assistenten modeles modelos modelli");

    private static readonly WordTable<bool> Owners = WordSets.Of("your our my their its unser unserem unseren unsere notre nuestro nostro");

    private static readonly WordTable<bool> Onlookers = WordSets.Of("""
        attack attacks attacker attackers attacked injection injections jailbreaks jailbreaking vulnerability vulnerabilities mitigation mitigations
        mitigate mitigated threats incident incidents misuse phishing classifier taxonomy adversarial moderator moderators guardrail guardrails
        compliance angriff angriffe angreifer schwachstelle attaque attaques ataque ataques atacante attacco attacchi
        """);

    /// <summary>What is added to the sum that a jailbreak has to reach in a text.</summary>
    public static double Weight(ReadOnlySpan<Word> words, ReadOnlySpan<byte> text)
    {
        var count = 0;
        for (var i = 0; i < words.Length && count < Much; i++)
        {
            count += IsTalk(words, i, text) ? 1 : 0;
        }

        return count >= Much ? Most : count >= Some ? Raise : 0;
    }

    /// <summary>Whether a model is named as somebody's who has one: "your assistant" is not the reader.</summary>
    public static bool IsOwned(ReadOnlySpan<Word> words, int i, ReadOnlySpan<byte> text) =>
        words[i].Is(Model) && i > 0 && Owners.Contains(words[i - 1].In(text));

    private static bool IsTalk(ReadOnlySpan<Word> words, int i, ReadOnlySpan<byte> text) =>
        Onlookers.Contains(words[i].In(text)) || Many.Contains(words[i].In(text)) || IsOwned(words, i, text);
}
