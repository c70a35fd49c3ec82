using LlmGuard.Plugins.InjectionProtection.Prompts.Words;
using static LlmGuard.Plugins.InjectionProtection.Prompts.Words.WordClass;

namespace LlmGuard.Plugins.InjectionProtection.Prompts.Overrides;

/// <content>What is to be done instead: an answer that is dictated, or a new task.</content>
internal static partial class OverrideGrammar
{
    // "do not answer this question but just output "x"": refuses the task and dictates the answer.
    private static int? Dictated(ReadOnlySpan<Word> words, int only, ReadOnlySpan<byte> text)
    {
        if (only + 1 >= words.Length || !words[only + 1].Is(Reveal) || words[only + 1].End + 2 >= text.Length
            || !text.Slice(words[only + 1].End, 3).ContainsAny((byte)'"', (byte)'\''))
        {
            return null;
        }

        var (isRefused, isTask) = (false, false);
        for (var i = only - 1; i >= 0 && i >= only - 12; i--)
        {
            isTask |= words[i].Is(Comply | Work);
            isRefused |= words[i].Is(Override | Drop | Stop) || (words[i].Is(No) && isTask);
        }

        return isRefused ? only + 1 : null;
    }

    // "new instructions:", "nun folgen neue aufgaben", "your new task is".
    private static int? NewTask(ReadOnlySpan<Word> words, int i, ReadOnlySpan<byte> text)
    {
        // "your new goal is to".
        if (i > 0 && words[i - 1].Is(Your) && i + 3 < words.Length && words[i + 3].Sentence == words[i].Sentence
            && WordSets.IsAim(words[i + 1].In(text)) && words[i + 2].Is(Aux) && words[i + 3].In(text).SequenceEqual("to"u8))
        {
            return i + 3;
        }

        if (i + 1 >= words.Length || !words[i + 1].Is(Order | Text) || words[i + 1].Sentence != words[i].Sentence
            || (i == 0 && WordSets.IsTask(words[1].In(text))))
        {
            // What a message begins with is new, and nothing was asked before.
            return null;
        }

        var before = i > 0 ? words[i - 1] : default;
        var end = words[i + 1].End;
        var announces = end < text.Length && text[end] == (byte)':';
        var ends = i + 2 >= words.Length || words[i + 2].Sentence != words[i].Sentence;
        var isOrder = words[i + 1].Is(Order) || announces;
        // "* New command 'wait-for'" in a list of changes.
        var isNamed = ends && !announces && end + 1 < text.Length && text[end] == (byte)' ' && text[end + 1] > (byte)' ';
        return (ends && isOrder && !isNamed && (words[i].StartsUnit || before.Is(Your | Now | Following | Polite | Stop)))
            || (before.Is(Now) && i + 2 < words.Length && words[i + 2].Is(Obey))
            || (i > 1 && words[i - 2].Is(Now) && before.Class != None && isOrder)
            ? i + 1
            : null;
    }
}
