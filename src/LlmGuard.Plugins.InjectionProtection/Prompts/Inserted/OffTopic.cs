using LlmGuard.Plugins.InjectionProtection.Prompts.Signals;
using LlmGuard.Plugins.InjectionProtection.Prompts.Words;
using static LlmGuard.Plugins.InjectionProtection.Prompts.Words.WordClass;

namespace LlmGuard.Plugins.InjectionProtection.Prompts.Inserted;

/// <summary>
/// Finds requests for some other thing in a text: a sentence that asks for what models make or know, where the text around it asks for nothing, or
/// is about something else altogether.
/// </summary>
internal static class OffTopic
{
    private const int Shortest = 3;
    private const int Longest = 40;

    public static bool Is(
        ReadOnlySpan<Word> words,
        int start,
        int end,
        ReadOnlySpan<byte> text,
        TextShape.Kind shape,
        in Narrative narrative,
        TopicIndex topics,
        bool hasQuestions)
    {
        if (end - start is < Shortest or > 60 || !(words[start].Is(Work | Reveal | Question | Polite | Now | Comply | You)))
        {
            return false;
        }

        // A question that a text begins with is its title; among others it is one of a form or of an interview; and a step ends with what it is for.
        var sign = words[end - 1].End < text.Length ? text[words[end - 1].End] : (byte)0;
        if (sign == ':' || (sign == '?' && (start == 0 || hasQuestions)))
        {
            return false;
        }

        var isForeign = topics.Knows(words, text) ? topics.IsForeign(words, start, end, text) : (bool?)null;
        if (isForeign == false)
        {
            return false;
        }

        return (shape is TextShape.Kind.Table or TextShape.Kind.Code && IsOutOfPlace(words, start, end, text))
            || narrative.IsRequest(words, start, end, text)
            || (isForeign == true && shape != TextShape.Kind.Code && IsRequest(words, start, end, text, narrative, topics));
    }

    // "how do solar panels work?", "recommend a good book", "can you show me a simple function".
    private static bool IsRequest(ReadOnlySpan<Word> words, int start, int end, ReadOnlySpan<byte> text, in Narrative narrative, TopicIndex topics)
    {
        if (end - start > Longest || !TextShape.IsPlainSentence(text, words[start].Start, words[end - 1].End)
            || !TextShape.IsWhole(text, words[start].Start, words[end - 1].End))
        {
            return false;
        }

        var verb = start;
        var isAsked = words[start].Is(Question) && start + 1 < end && words[start + 1].Is(You) && !words[start + 1].Is(Your);
        verb += isAsked ? 2 : words[start].Is(Polite | Now) ? 1 : 0;
        if (verb >= end)
        {
            return false;
        }

        var word = words[verb].In(text);
        var isNoun = verb + 1 < end && (words[verb + 1].In(text).SequenceEqual("of"u8) || words[verb + 1].Is(Aux | Only));
        var isCommand = WordSets.IsMaking(word) && !WordSets.IsOfManual(word) && !isNoun && narrative.IsQuiet;
        var isQuestion = WordSets.IsOfKnowledge(words[start].In(text)) && !Has(words, start, end, You | Your)
            && text[words[end - 1].End..] is [(byte)'?', ..];
        if (!isCommand && !isQuestion)
        {
            return false;
        }

        // People ask each other as well, but of each other, and hardly before they greet or after they took leave.
        return !topics.IsConversation
            || ((start == 0 || end == words.Length || HasPiece(words, verb, end, text)) && !isAsked && !Has(words, start, end, You | Your)
                && !HasPerson(words, start, end, text));
    }

    private static bool HasPiece(ReadOnlySpan<Word> words, int verb, int end, ReadOnlySpan<byte> text)
    {
        for (var i = verb + 1; i < end && i <= verb + 5; i++)
        {
            if (WordSets.IsPiece(words[i].In(text)))
            {
                return true;
            }
        }

        return false;
    }

    private static bool HasPerson(ReadOnlySpan<Word> words, int start, int end, ReadOnlySpan<byte> text)
    {
        for (var i = start; i < end; i++)
        {
            if (words[i].Is(My) || WordSets.IsPerson(words[i].In(text)))
            {
                return true;
            }
        }

        return false;
    }

    private static bool Has(ReadOnlySpan<Word> words, int start, int end, WordClass classes)
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

    private static bool IsOutOfPlace(ReadOnlySpan<Word> words, int start, int end, ReadOnlySpan<byte> text)
    {
        if (end - start is < 4 or > 60 || !TextShape.IsPlainSentence(text, words[start].Start, words[end - 1].End)
            || !TextShape.IsOwnLine(text, words[start].Start))
        {
            return false;
        }

        var isQuestion = words[start].Is(Question) && words[end - 1].End < text.Length && text[words[end - 1].End] == '?';
        var verb = words[start].Is(Polite) && start + 1 < end ? start + 1 : start;
        if (!(words[verb].Is(Work) && !words[verb].Is(Aux) && !WordSets.IsOfManual(words[verb].In(text))) && !isQuestion)
        {
            return false;
        }

        for (var i = start + 1; i < end; i++)
        {
            if (words[i].Is(Filler | Your | My))
            {
                return true;
            }
        }

        return false;
    }
}
