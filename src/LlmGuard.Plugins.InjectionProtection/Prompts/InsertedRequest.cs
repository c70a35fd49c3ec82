using LlmGuard.Plugins.InjectionProtection.Rules;
using static LlmGuard.Plugins.InjectionProtection.Prompts.WordClass;

namespace LlmGuard.Plugins.InjectionProtection.Prompts;

/// <summary>
/// Finds requests to the reader in a text that is to be read: a command about the reader's own answer, or a plain sentence that asks for work
/// in a table, a program or data, which do not ask.
/// </summary>
internal static class InsertedRequest
{
    private const int Reach = 24;

    public static void Find(List<Word> words, ReadOnlySpan<byte> text, HitList hits)
    {
        var shape = TextShape.Of(text);
        for (var i = 0; i < words.Count; i++)
        {
            if (!words[i].StartsUnit)
            {
                continue;
            }

            var end = EndOfSentence(words, i);
            if (IsAboutAnswer(words, i, end))
            {
                hits.Add(PromptRules.Instruction, words[i].Start, words[end - 1].End);
            }
            else if (IsExfiltration(words, i, end, text))
            {
                hits.Add(PromptRules.Exfiltration, words[i].Start, words[end - 1].End);
            }
            else if (shape != TextShape.Kind.Prose && IsOutOfPlace(words, i, end, text, shape))
            {
                hits.Add(PromptRules.OffTopic, words[i].Start, words[end - 1].End);
            }
        }
    }

    private static int EndOfSentence(List<Word> words, int start)
    {
        var end = start + 1;
        while (end < words.Count && words[end].Sentence == words[start].Sentence && end - start < 64)
        {
            end++;
        }

        return end;
    }

    // Past "please", "now", "you must", "make sure to", "don't forget to", "can you".
    private static int Verb(List<Word> words, int start, int end)
    {
        for (var i = start; i < end && i < start + 5; i++)
        {
            if (words[i].Is(Work))
            {
                return i;
            }

            if (!words[i].Is(Polite | Must | You | No | Override | Question | Filler | Now))
            {
                return -1;
            }
        }

        return -1;
    }

    private static bool IsAboutAnswer(List<Word> words, int start, int end)
    {
        var verb = Verb(words, start, end);
        var (your, following) = (-1, -1);
        for (var i = start; i < end && i < start + Reach; i++)
        {
            your = words[i].Is(Your) ? i : your;
            following = words[i].Is(Following) ? i : following;
            if (words[i].Is(Output) && your >= 0 && i - your <= 2 && i > start + 1
                && (verb >= 0 || following >= 0 || (words[start].Class & (Polite | Filler)) != 0 && false || IsInYour(words, start, your)))
            {
                return true;
            }

            if (words[i].Is(Snippet) && following >= 0 && i - following <= 2 && i > start && (verb >= 0 || your >= 0) && end - start >= 5)
            {
                return true;
            }
        }

        return false;
    }

    // "In your response, mention ...".
    private static bool IsInYour(List<Word> words, int start, int your) => your == start + 1 && words[your].Sentence == words[start].Sentence && words.Count > your + 3 && AnyTask(words, your + 2);

    private static bool AnyTask(List<Word> words, int from)
    {
        for (var i = from; i < words.Count && i < from + 3; i++)
        {
            if (words[i].Is(Work))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsExfiltration(List<Word> words, int start, int end, ReadOnlySpan<byte> text)
    {
        var verb = Verb(words, start, end);
        if (verb < 0 || !words[verb].Is(Send) || end - start < 4)
        {
            return false;
        }

        // To an address, something that is the reader's or everything.
        var sentence = text[words[start].Start..Math.Min(text.Length, words[end - 1].End + 64)];
        return (sentence.IndexOf("://"u8) >= 0 || sentence.Contains((byte)'@')) && Has(words, verb, end, Your | Whole | My | Secret);
    }

    private static bool IsOutOfPlace(List<Word> words, int start, int end, ReadOnlySpan<byte> text, TextShape.Kind shape)
    {
        var length = end - start;
        if (length is < 4 or > 60 || !TextShape.IsPlainSentence(text, words[start].Start, words[end - 1].End))
        {
            return false;
        }

        var verb = Verb(words, start, end);
        var isQuestion = words[start].Is(Question) && words[end - 1].End < text.Length && text[words[end - 1].End] == '?';
        return shape switch
        {
            TextShape.Kind.Data => verb >= 0 && (words[start].Is(Polite) || Has(words, start, end, My)) && length >= 6 && Has(words, verb + 1, end, My | Your | Filler),
            _ => (verb >= 0 || isQuestion) && Has(words, start + 1, end, Filler | Your | My) && TextShape.IsOwnLine(text, words[start].Start),
        };
    }

    private static bool Has(List<Word> words, int start, int end, WordClass classes)
    {
        for (var i = Math.Max(0, start); i < end; i++)
        {
            if (words[i].Is(classes))
            {
                return true;
            }
        }

        return false;
    }
}
