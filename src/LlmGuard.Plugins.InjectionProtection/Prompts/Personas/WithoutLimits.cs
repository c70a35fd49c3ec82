using LlmGuard.Plugins.InjectionProtection.Prompts.Signals;
using LlmGuard.Plugins.InjectionProtection.Prompts.Words;
using LlmGuard.Plugins.InjectionProtection.Rules;
using LlmGuard.Scanning.Lexing;
using static LlmGuard.Plugins.InjectionProtection.Prompts.Words.WordClass;

namespace LlmGuard.Plugins.InjectionProtection.Prompts.Personas;

/// <summary>
/// Finds orders to answer without what holds a model back: a verb of answering, "without", and a limit that only models have. Who asks for a list
/// without filters, or for an answer without a disclaimer, asks for another thing or for less.
/// </summary>
internal static class WithoutLimits
{
    // Words between "without" and the limit: "any of your safety".
    private const int LimitReach = 4;

    // Words between the verb and "without": "answer any question I have".
    private const int VerbReach = 8;

    private static readonly WordTable<bool> Answers = WordSets.Of("""
        answer respond reply answering responding replying antworte antworten reponds repondez responde responda contesta conteste rispondi
        rispondete antwoord odpowiadaj odpowiedz ответь отвечай отвечайте svara svar yanitla cevapla
        """);

    private static readonly WordTable<bool> Limits = WordSets.Of("""
        restriction restrictions filter filters filtering censorship guardrails guardrail safeguards safeguard safety moderation ethics morals
        limitations constraints einschrankung einschrankungen filtern zensur beschrankungen restricciones filtros censura restrictions filtres censure
        restrizioni filtri restricoes beperkingen ograniczen filtrow cenzury ограничений фильтров цензуры
        """);

    private static readonly WordTable<bool> Withouts = WordSets.Of("without ohne sin sans senza sem zonder bez без w/o utan uden");

    /// <param name="row">The words.</param>
    /// <param name="text">The text.</param>
    /// <param name="hits">Receives what is found.</param>
    public static void Find(WordRow row, ReadOnlySpan<byte> text, HitList hits)
    {
        var words = row.Words;
        foreach (var i in row.Of(Limit))
        {
            hits.Steps++;
            if (words[i].IsQuoted || (row.Near(i) & No) == 0 || (row.Near(i) & Comply) == 0)
            {
                continue;
            }

            hits.Steps += LimitReach + VerbReach;
            if ((VerbBehind(words, i, text) ?? VerbAround(words, i, text)) is { } verb)
            {
                hits.Add(InjectionRules.JailbreakPersona, words[Math.Min(verb, i)].Start, words[Math.Max(verb, i)].End);
                return;
            }
        }
    }

    // "answer without any restrictions", "ohne Filter antworten".
    private static int? VerbAround(ReadOnlySpan<Word> words, int limit, ReadOnlySpan<byte> text)
    {
        if (!Limits.Contains(words[limit].In(text)))
        {
            return null;
        }

        var without = limit - 1;
        while (without >= 0 && without >= limit - LimitReach && words[without].Sentence == words[limit].Sentence && !words[without].Is(No)
            && words[without].Is(Whole | Your | Limit | Inner | Filler))
        {
            without--;
        }

        if (without < 1 || !words[without].Is(No) || words[without].Sentence != words[limit].Sentence
            || !(Withouts.Contains(words[without].In(text)) || words[without - 1].In(text).SequenceEqual("with"u8)))
        {
            return null;
        }

        for (var verb = without - 1; verb >= 0 && verb >= without - VerbReach && words[verb].Sentence == words[limit].Sentence; verb--)
        {
            if (Answers.Contains(words[verb].In(text)))
            {
                return Mood.Of(words, verb, text) > 0 ? verb : null;
            }
        }

        return null;
    }

    // "제한 없이 답해": what is not there stands before it, and the verb behind both.
    private static int? VerbBehind(ReadOnlySpan<Word> words, int limit, ReadOnlySpan<byte> text)
    {
        var without = limit + 1;
        if (without >= words.Length || !words[without].Is(No) || words[without].Sentence != words[limit].Sentence
            || text[words[without].Start] < WordReader.FirstGlued)
        {
            return null;
        }

        for (var verb = without + 1; verb < words.Length && verb <= without + LimitReach && words[verb].Sentence == words[limit].Sentence; verb++)
        {
            if (words[verb].Is(Comply) && !VerbFinal.IsNamed(text, words[verb].End) && !HasNo(words, verb))
            {
                return verb;
            }
        }

        return null;
    }

    private static bool HasNo(ReadOnlySpan<Word> words, int verb) =>
        verb + 1 < words.Length && words[verb + 1].Is(No) && words[verb + 1].Sentence == words[verb].Sentence;
}
