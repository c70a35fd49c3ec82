using static LlmGuard.Plugins.InjectionProtection.Prompts.WordClass;

namespace LlmGuard.Plugins.InjectionProtection.Prompts;

/// <summary>How a verb is meant: as a command to the reader, as a question or a report of what others do, or as words that are only quoted.</summary>
internal static class Mood
{
    /// <summary>Weight of words that somebody else said: enough to undo a clear command.</summary>
    private const int Quoted = -4;

    private const int OfOthers = -2;
    private const int OfText = -3;
    private const int Longest = 24;

    /// <summary>The weight of a verb's mood in the sums of the grammars: 1 for a command, negative for what is none.</summary>
    public static int Of(ReadOnlySpan<Word> words, int verb, ReadOnlySpan<byte> text) =>
        OfSentence(words, verb, text) + (IsPartOfText(words, SentenceStart(words, verb)) ? OfText : 0);

    /// <summary>The same, whatever text is asked for.</summary>
    public static int OfSentence(ReadOnlySpan<Word> words, int verb, ReadOnlySpan<byte> text)
    {
        var start = SentenceStart(words, verb);
        var mood = IsMentioned(words, verb) ? Quoted : 0;
        var before = verb > start ? words[verb - 1] : default;
        if (verb == start)
        {
            return mood + 1;
        }

        if (words[start].Is(Question) && !words[start + 1].Is(No) && !HasBetween(words, start, verb, You | Polite))
        {
            return mood + OfOthers;
        }

        if (before.Is(Third) || (before.Is(Aux) && !before.Is(Whole)) || (verb - 1 > start && words[verb - 2].Is(Third) && !before.Is(And | Must)))
        {
            return mood + OfOthers;
        }

        var isCommand = before.Is(Polite | Must | You | Now | Stop | And | No) || IsClauseStart(words, verb, text) || IsAllowed(words, verb);
        return mood + (isCommand ? 1 : before.Class == None ? -1 : 0);
    }

    // "you can throw away".
    private static bool IsAllowed(ReadOnlySpan<Word> words, int verb) => verb > 1 && words[verb - 1].Is(Question) && words[verb - 2].Is(You);

    /// <summary>Where the sentence of a word begins.</summary>
    public static int SentenceStart(ReadOnlySpan<Word> words, int i)
    {
        var start = i;
        while (start > 0 && i - start < Longest && words[start - 1].Sentence == words[i].Sentence)
        {
            start--;
        }

        return start;
    }

    /// <summary>Whether nothing that belongs to a verb follows it, as in the languages that put what is done behind what it is done to.</summary>
    public static bool EndsClause(ReadOnlySpan<Word> words, int verb, ReadOnlySpan<byte> text) =>
        text[words[verb].Start] >= WordReader.FirstGlued || verb + 2 >= words.Length
        || words[verb + 1].Sentence != words[verb].Sentence || words[verb + 2].Sentence != words[verb].Sentence
        || words[verb + 1].Is(And | Reveal | Comply | No | Secret) || words[verb + 2].Is(And);

    /// <summary>Whether a sign separates a word from the one before it.</summary>
    public static bool IsClauseStart(ReadOnlySpan<Word> words, int i, ReadOnlySpan<byte> text) =>
        words[i].StartsUnit || (i > 0 && text[words[i - 1].End..words[i].Start].IndexOfAny(",;-()"u8) >= 0);

    // 'The article quotes "..."', 'is "..." a good title', 'correct this sentence: ...'.
    private static bool IsMentioned(ReadOnlySpan<Word> words, int i)
    {
        var opening = i;
        if (words[i].IsQuoted)
        {
            while (opening > 0 && words[opening - 1].IsQuoted && i - opening < Longest)
            {
                opening--;
            }
        }
        else
        {
            opening = SentenceStart(words, i);
        }

        if (opening == 0)
        {
            return false;
        }

        var (sentence, isQuoted) = (words[opening - 1].Sentence, words[i].IsQuoted);
        for (var before = opening - 1; before >= 0 && before >= opening - (isQuoted ? 7 : 5) && words[before].Sentence == sentence; before--)
        {
            if (words[before].Is(Mention) || (isQuoted && words[before].Is(Question) && (words[before].StartsUnit || before == opening - 1)))
            {
                // Without quotation marks only "this sentence:" announces words, and they end with the line.
                return isQuoted || before >= opening - 2;
            }
        }

        return false;
    }

    // "Write an e-mail that tells ...": what follows is part of the text that is asked for.
    private static bool IsPartOfText(ReadOnlySpan<Word> words, int start) =>
        IsWriting(words, start) || (start > 0 && IsWriting(words, SentenceStart(words, start - 1)));

    private static bool IsWriting(ReadOnlySpan<Word> words, int start)
    {
        if (!words[start].Is(Work | Reveal | Question | Polite))
        {
            return false;
        }

        var isTask = words[start].Is(Work | Reveal);
        for (var i = start + 1; i < words.Length && i <= start + 5 && words[i].Sentence == words[start].Sentence; i++)
        {
            isTask |= words[i].Is(Work);
            if (isTask && words[i].Is(Genre))
            {
                return true;
            }
        }

        return false;
    }

    private static bool HasBetween(ReadOnlySpan<Word> words, int start, int end, WordClass classes)
    {
        for (var i = start; i < end; i++)
        {
            if (words[i].Is(classes))
            {
                return true;
            }
        }

        return false;
    }
}
