using LlmGuard.Plugins.InjectionProtection.Rules;
using static LlmGuard.Plugins.InjectionProtection.Prompts.WordClass;

namespace LlmGuard.Plugins.InjectionProtection.Prompts;

/// <summary>
/// Adds up what is said about who the model shall be and what shall not hold it back. Each signal is common in honest texts; it is their number
/// that is not. Each counts a bounded number of times, so that long texts are not guilty by their length.
/// </summary>
internal static class PersonaScore
{
    private const double Enough = 4.25;

    public static void Find(List<Word> words, ReadOnlySpan<byte> text, HitList hits)
    {
        var signals = new PersonaSignals();
        var (first, last) = (-1, -1);
        for (var i = 0; i < words.Count; i++)
        {
            if (words[i].Class != None && signals.Take(words, i, text))
            {
                first = first < 0 ? i : first;
                last = i;
            }
        }

        if (first >= 0 && signals.Score >= Enough)
        {
            hits.Add(signals.IsMode ? PromptRules.Mode : signals.IsDual ? PromptRules.DualAnswer : PromptRules.Unrestricted, words[first].Start, words[last].End);
        }
    }
}
