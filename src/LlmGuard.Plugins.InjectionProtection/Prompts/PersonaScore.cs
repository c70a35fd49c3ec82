using LlmGuard.Plugins.InjectionProtection.Rules;
using static LlmGuard.Plugins.InjectionProtection.Prompts.WordClass;

namespace LlmGuard.Plugins.InjectionProtection.Prompts;

/// <summary>
/// Adds up what is said about who the model shall be and what shall not hold it back. Each signal is common in honest texts; it is their number
/// that is not. Each counts a bounded number of times, so that long texts are not guilty by their length.
/// </summary>
internal static class PersonaScore
{
    // Long texts say more of everything.
    private const int Short = 80;
    private const int Long = 400;

    public static void Find(List<Word> words, ReadOnlySpan<byte> text, HitList hits)
    {
        var signals = new PersonaSignals();
        var (first, last) = (-1, -1);
        for (var i = 0; i < words.Count; i++)
        {
            if (words[i].Class != None && !IsMentioned(words, i) && signals.Take(words, i, text))
            {
                first = first < 0 ? i : first;
                last = i;
            }
        }

        if (first >= 0 && signals.Score >= Enough(words.Count))
        {
            var rule = signals.IsMode ? PromptRules.Mode : signals.IsDual ? PromptRules.DualAnswer : PromptRules.Unrestricted;
            hits.Add(rule, words[first].Start, words[last].End);
        }
    }

    // In a text that asks for a story, what stands in quotation marks is said by somebody in it.
    private static bool IsMentioned(List<Word> words, int i) => words[i].IsQuoted && words[0].Is(Work) && !words[i].Is(Refuse);

    private static double Enough(int count) => count < Short ? 3.5 : count < Long ? 4.25 : 4.75;
}
