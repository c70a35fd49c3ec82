using LlmGuard.Plugins.InjectionProtection.Prompts.Signals;
using LlmGuard.Plugins.InjectionProtection.Prompts.Words;
using LlmGuard.Plugins.InjectionProtection.Rules;
using LlmGuard.Scanning.Lexing;
using static LlmGuard.Plugins.InjectionProtection.Prompts.Words.WordClass;

namespace LlmGuard.Plugins.InjectionProtection.Prompts.Overrides;

/// <summary>
/// Finds orders that rank the reader's own instructions below others: "follow my message, not the system rules", "obey this instead of your
/// guidelines". Nothing is set aside in so many words, and all of it is.
/// </summary>
internal static class Preference
{
    // Words between "not" and the instructions: "any of your own".
    private const int OwnReach = 4;
    private const int VerbReach = 10;

    private static readonly WordTable<bool> Verbs = WordSets.Of("""
        follow obey use prioritize prioritise trust apply heed favor favour prefer listen rank put befolge gehorche nutze suis suivez obeis
        sigue obedece prioriza segui obbedisci siga obedeca
        """);

    private static readonly WordTable<bool> Thans = WordSets.Of("not over above than instead statt anstatt lieu plutot vez lugar invece ao");

    /// <summary>Looks at a word for what models are told.</summary>
    public static void Judge(ReadOnlySpan<Word> words, int order, ReadOnlySpan<byte> text, HitList hits)
    {
        if (order < 3 || words[order].IsQuoted)
        {
            return;
        }

        var (than, isOwn) = (order - 1, false);
        while (than > 0 && than >= order - OwnReach && words[than].Sentence == words[order].Sentence && !Thans.Contains(words[than].In(text))
            && words[than].Is(Inner | Your | Whole | Filler | Limit))
        {
            isOwn |= words[than].Is(Your) || (words[than].Is(Inner) && !words[than].Is(Secret | Prior));
            than--;
        }

        if (!isOwn || than < 1 || words[than].Sentence != words[order].Sentence || !Thans.Contains(words[than].In(text)))
        {
            return;
        }

        hits.Steps += VerbReach;
        for (var verb = than - 1; verb >= 0 && verb >= than - VerbReach && words[verb].Sentence == words[order].Sentence; verb--)
        {
            if (Verbs.Contains(words[verb].In(text)) && Mood.Of(words, verb, text) > 0)
            {
                hits.Add(InjectionRules.PromptOverride, words[verb].Start, words[order].End);
                return;
            }
        }
    }
}
