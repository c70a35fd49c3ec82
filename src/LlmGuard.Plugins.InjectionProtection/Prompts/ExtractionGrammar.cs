using LlmGuard.Plugins.InjectionProtection.Rules;
using static LlmGuard.Plugins.InjectionProtection.Prompts.WordClass;

namespace LlmGuard.Plugins.InjectionProtection.Prompts;

/// <summary>Sentences that ask a model for what it was told: the system prompt, or a secret in it.</summary>
internal static class ExtractionGrammar
{
    private const int Reach = 10;

    public static void Find(List<Word> words, ReadOnlySpan<byte> text, HitList hits)
    {
        for (var i = 0; i < words.Count; i++)
        {
            if (words[i].Is(Reveal) && i > 1 && words[i - 1].Is(No | Override) && words[i].Sentence == words[i - 1].Sentence)
            {
                continue;
            }

            if (Named(words, i, text) is { } named)
            {
                hits.Add(PromptRules.Extraction, words[i].Start, words[named].End);
                continue;
            }

            var isAsked = words[i].Is(Reveal) || (words[i].Is(Question) && words[i].StartsUnit);
            if (isAsked && Asked(words, i, text) is { } end)
            {
                hits.Add(PromptRules.Extraction, words[i].Start, words[end].End);
            }
        }
    }

    // "your initial prompt", "the system instructions": in a short text nothing else can be meant than to have them.
    private static int? Named(List<Word> words, int i, ReadOnlySpan<byte> text)
    {
        if (words.Count > 40 || !words[i].Is(Inner) || i + 1 >= words.Count || words[i + 1].Sentence != words[i].Sentence || !IsPrompt(text[words[i + 1].Start..words[i + 1].End]))
        {
            return null;
        }

        for (var j = Math.Max(0, i - Reach); j < Math.Min(words.Count, i + Reach); j++)
        {
            if (words[j].Is(Your | My) || (words[j].Is(Reveal) && words[j].StartsUnit))
            {
                return i + 1;
            }
        }

        return null;
    }

    private static int? Asked(List<Word> words, int verb, ReadOnlySpan<byte> text)
    {
        var (inner, your, prior, whole, told, you) = (false, false, false, false, false, false);
        for (var i = verb + 1; i < words.Count && i <= verb + Reach && words[i].Sentence == words[verb].Sentence; i++)
        {
            var word = words[i];
            if (word.Is(Order) && IsTold(text[word.Start..word.End]) && (inner && (your || IsPrompt(text[word.Start..word.End])) || (your && prior)))
            {
                return i;
            }

            if (word.Is(Order | Output) && prior && (whole || words[verb].Is(Reveal) && words[verb].StartsUnit) && i + 6 > verb)
            {
                return i;
            }

            if (word.Is(Secret) && (your || (i <= verb + 4 && words.Count < 40 && words[verb].StartsUnit && words[verb].Is(Reveal | Question) && !word.Is(Work) && i + 3 > words.Count)))
            {
                return i;
            }

            inner |= word.Is(Inner);
            your |= word.Is(Your);
            prior |= word.Is(Prior);
            whole |= word.Is(Whole);
            told |= word.Is(Told);
            you |= word.Is(You);
            if ((told && you && prior) || (prior && whole && words[verb].Is(Reveal) && i > verb + 1 && words[i].Is(Prior)))
            {
                return i;
            }

            if (word.Is(Order) && your && IsTold(text[word.Start..word.End]) && words[verb].StartsUnit && words.Count < 60)
            {
                return i;
            }
        }

        return null;
    }

    private static bool IsPrompt(ReadOnlySpan<byte> word) => word.StartsWith("prompt"u8) || word.StartsWith("instru"u8);

    private static bool IsTold(ReadOnlySpan<byte> word) => IsPrompt(word) || word.StartsWith("rule"u8) || word.StartsWith("guideline"u8) || word.StartsWith("directive"u8) || word.StartsWith("anweisung"u8) || word.StartsWith("message"u8) || word.StartsWith("polic"u8) || word.StartsWith("regel"u8) || word.StartsWith("инстр"u8);
}
