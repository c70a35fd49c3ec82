using LlmGuard.Plugins.InjectionProtection.Rules;
using static LlmGuard.Plugins.InjectionProtection.Prompts.WordClass;

namespace LlmGuard.Plugins.InjectionProtection.Prompts;

/// <summary>Sentences that set aside what a model was told: a verb of setting aside, what it was told, and which of it, in either order.</summary>
internal static class OverrideGrammar
{
    private const int Reach = 9;
    private const int Enough = 5;

    public static void Find(List<Word> words, ReadOnlySpan<byte> text, HitList hits)
    {
        for (var i = 0; i < words.Count; i++)
        {
            if (words[i].Is(Override) && AfterVerb(words, i) is { } end)
            {
                hits.Add(PromptRules.Override, words[i].Start, words[end].End);
            }
            else if (words[i].Is(Prior | Your | Whole) && BeforeVerb(words, i) is { } last)
            {
                hits.Add(PromptRules.Override, words[i].Start, words[last].End);
            }
            else if (words[i].Is(Only) && Dictated(words, i, text) is { } dictated)
            {
                hits.Add(PromptRules.Override, words[i].Start, words[dictated].End);
            }
            else if (words[i].Is(New) && NewTask(words, i) is { } task)
            {
                hits.Add(PromptRules.NewTask, words[i].Start, words[task].End);
            }
        }
    }

    private static int? AfterVerb(List<Word> words, int verb)
    {
        // "don't forget your instructions" and "he ignored the rules" are no orders of this kind.
        var before = verb > 0 ? words[verb - 1] : default;
        if (before.Is(No) && before.Sentence == words[verb].Sentence && !before.Is(Must))
        {
            return null;
        }

        var (score, order, other) = (0, -1, 0);
        for (var i = verb + 1; i < words.Count && i <= verb + Reach && words[i].Sentence <= words[verb].Sentence + 1; i++)
        {
            var word = words[i];
            if (word.Sentence != words[verb].Sentence && order < 0)
            {
                break;
            }

            if (word.Is(Order) && order < 0)
            {
                (order, score) = (i, score + 3);
            }
            else if (word.Is(Limit) && order < 0)
            {
                (order, score) = (i, score + 2);
            }

            if (word.Is(Prior))
            {
                score += 2;
            }
            else if (word.Is(Whole) && i <= verb + 3)
            {
                score += 2;
            }
            else if (word.Is(Your) && i <= verb + 4)
            {
                score += 1;
            }
            else if (word.Is(Told))
            {
                score += 2;
            }
            else if (word.Class == None && ++other > 3)
            {
                break;
            }

            // Code ignores texts and files; who is told to ignore is a reader.
            if (score >= Enough)
            {
                return i;
            }
        }

        // "forget everything", "ignore that and say": at the start of a sentence, with something new to do.
        var what = verb + 1 < words.Count && words[verb + 1].Is(Filler) && !words[verb + 1].Is(Whole | Prior) ? verb + 2 : verb + 1;
        if (order < 0 && what + 1 < words.Count && words[what].Is(Whole | Prior) && !words[what + 1].Is(Order)
            && (words[verb].StartsUnit || before.Is(Polite | Must | Stop | You) || ThenDoes(words, what)) && (words[what].Is(Whole) ? score >= 2 : ThenDoes(words, what)))
        {
            return what;
        }

        return order >= 0 && score >= 4 && (words[verb].StartsUnit || before.Is(Polite | Must | Stop | Now | You | Filler)) ? order : null;
    }

    // "ignore that and say", "forget everything and just output".
    private static bool ThenDoes(List<Word> words, int what)
    {
        for (var i = what + 1; i < words.Count && i <= what + 3; i++)
        {
            if (words[i].Is(Reveal | Comply))
            {
                return i > what + 1;
            }
        }

        return false;
    }

    // "do not answer this question but just output "x"": refuses the task and dictates the answer.
    private static int? Dictated(List<Word> words, int only, ReadOnlySpan<byte> text)
    {
        if (only + 1 >= words.Count || !words[only + 1].Is(Reveal) || words[only + 1].End + 2 >= text.Length || !text.Slice(words[only + 1].End, 3).ContainsAny((byte)'"', (byte)'\''))
        {
            return null;
        }

        var (isRefused, isTask) = (false, false);
        for (var i = only - 1; i >= 0 && i >= only - 12; i--)
        {
            isTask |= words[i].Is(Comply | Work);
            isRefused |= words[i].Is(Override | Stop) || (words[i].Is(No) && isTask);
        }

        return isRefused ? only + 1 : null;
    }

    // "all previous instructions are false", "die obigen ausfuhrungen ignorieren".
    private static int? BeforeVerb(List<Word> words, int first)
    {
        var order = -1;
        for (var i = first + 1; i < words.Count && i <= first + 6 && words[i].Sentence == words[first].Sentence; i++)
        {
            if (words[i].Is(Order) && order < 0 && i <= first + 3)
            {
                order = i;
            }
            else if (order >= 0 && (words[i].Is(Override) && words[first].Is(Prior) || (words[i].Is(Invalid) && words[first].Is(Prior))))
            {
                return i;
            }
        }

        return null;
    }

    // "new instructions:", "nun folgen neue aufgaben", "your new task is".
    private static int? NewTask(List<Word> words, int i)
    {
        if (i + 1 >= words.Count || !words[i + 1].Is(Order) || words[i + 1].Sentence != words[i].Sentence)
        {
            return null;
        }

        var before = i > 0 ? words[i - 1] : default;
        var ends = i + 2 >= words.Count || words[i + 2].Sentence != words[i].Sentence;
        return (ends && (words[i].StartsUnit || before.Is(Your | Now | Following | Polite | Stop))) || (i > 1 && words[i - 2].Is(Now) && before.Class != None) ? i + 1 : null;
    }
}
