using System.Buffers;
using LlmGuard.Plugins.InjectionProtection.Prompts.Words;
using LlmGuard.Scanning;
using LlmGuard.Scanning.Lexing;
using static LlmGuard.Plugins.InjectionProtection.Prompts.Words.WordClass;

namespace LlmGuard.Plugins.InjectionProtection.Prompts.Signals;

/// <summary>How a verb is meant: as a command to the reader, as a question or a report of what others do, or as words that are only quoted.</summary>
internal static class Mood
{
    /// <summary>Weight of words that somebody else said: enough to undo a clear command.</summary>
    private const int Quoted = -4;

    private const int OfOthers = -2;
    private const int OfText = -3;
    private const int Longest = 24;

    // What is done to a text that is given, whatever it says.
    private static readonly WordTable<bool> Judgings = 
        WordSets.Of("classify categorize categorise label rate proofread klassifiziere classe clasifica classifica");

    // What an order may come as.
    private static readonly WordTable<bool> Allowances = WordSets.Of("authorized authorised allowed permitted cleared ordered");

    private static readonly WordTable<bool> Namings = WordSets.Of("phrase phrases words wording sentence string frase ausdruck zin fraza");

    private static readonly WordTable<bool> Typings = WordSets.Of("type typing typed types");

    private static readonly WordTable<bool> Articles = WordSets.Of("the a an der die den das la el le les los las una un une o os as");

    // What somebody did with words who gave them to others.
    private static readonly WordTable<bool> Reports = WordSets.Of("demonstrated reported submitted posted tried pasted wrote typed entered used");

    // Bytes of a phrase between apostrophes.
    private const int LongestPhrase = 80;

    // Between a word and a quotation mark they say that a string of data follows.
    private static readonly SearchValues<byte> DataSigns = SearchValues.Create("\n{}[]=|"u8);

    /// <summary>The weight of a verb's mood in the sums of the grammars: 1 for a command, negative for what is none.</summary>
    public static int Of(ReadOnlySpan<Word> words, int verb, ReadOnlySpan<byte> text) =>
        OfSentence(words, verb, text) + (IsPartOfText(words, SentenceStart(words, verb), text) ? OfText : 0);

    /// <summary>The same, whatever text is asked for.</summary>
    public static int OfSentence(ReadOnlySpan<Word> words, int verb, ReadOnlySpan<byte> text)
    {
        var start = SentenceStart(words, verb);
        var mood = IsMentioned(words, verb, text) || VerbFinal.IsNamed(text, words[verb].End) ? Quoted : 0;
        if (VerbFinal.IsBorrowed(text, words[verb].End))
        {
            return mood + 1;
        }

        var before = verb > start ? words[verb - 1] : default;
        if (WordSets.IsInflected(words[verb].In(text)))
        {
            return mood + OfOthers;
        }

        if (verb == start)
        {
            return mood + 1;
        }

        // "the tenant shall disregard".
        if (before.Is(Must) && !before.Is(You) && verb - 2 >= start
            && (words[verb - 2].Class == None || words[verb - 2].In(text).SequenceEqual("it"u8)))
        {
            return mood + OfOthers;
        }

        if (SpeaksOfOthers(words, start, verb, text))
        {
            return mood + OfOthers;
        }

        if (words[start].Is(Question) && !words[start + 1].Is(No) && !HasBetween(words, start, verb, You | Polite))
        {
            return mood + OfOthers;
        }

        if (IsToldToOthers(words, start, verb, text) || (before.Is(You) && verb - 2 >= start && words[verb - 2].In(text) is var since
            && (since.SequenceEqual("until"u8) || since.SequenceEqual("when"u8) || since.SequenceEqual("whenever"u8))))
        {
            return mood + OfOthers;
        }

        if (before.Is(Third) || (before.Is(Aux) && !before.Is(Whole)) || (verb - 1 > start && words[verb - 2].Is(Third) && !before.Is(And | Must)))
        {
            return mood + OfOthers;
        }

        var isCommand = before.Is(Polite | Must | You | Now | Stop | And | No) || IsClauseStart(words, verb, text) || IsAllowed(words, verb, text);
        return mood + (isCommand ? 1 : before.Class == None ? -1 : 0);
    }

    // "they forgot", "I am no longer bound by", "how to print": whoever was named last does it.
    private static bool SpeaksOfOthers(ReadOnlySpan<Word> words, int start, int verb, ReadOnlySpan<byte> text)
    {
        for (var i = verb - 1; i >= start && i >= verb - 6 && !words[i].Is(You | Your) && !(i < verb - 1 && IsClauseStart(words, i + 1, text)); i--)
        {
            if (WordSets.IsPerson(words[i].In(text)))
            {
                // "it cancels and replaces".
                return !words[verb - 1].Is(And) || (verb - i == 3 && words[i].Is(Third));
            }
        }

        // "my boss said to disregard", "how to print".
        return verb - 2 >= start && words[verb - 1].In(text).SequenceEqual("to"u8) && (words[verb - 2].Is(Question)
            || (verb - 3 >= start && words[verb - 2].In(text) is var says && (says.SequenceEqual("said"u8) || says.SequenceEqual("says"u8))));
    }

    // "my boss told me to ignore", "a general ordering his troops to disregard": what somebody has other people do.
    private static bool IsToldToOthers(ReadOnlySpan<Word> words, int start, int verb, ReadOnlySpan<byte> text)
    {
        var to = words[verb - 1].In(text);
        if (!to.SequenceEqual("to"u8) && !to.SequenceEqual("d"u8) && !to.SequenceEqual("de"u8) && !words[verb].In(text).StartsWith("d'"u8))
        {
            return false;
        }

        for (var i = verb - 1; i >= start && i >= verb - 6 && !words[i].Is(You | Your); i--)
        {
            if (WordSets.IsOrdering(words[i].In(text)))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>
    /// Whether a word negates the one behind it. What is disguised is read letter by letter, so that Russian "не" may come as "he", which no word of
    /// Russian letters follows otherwise.
    /// </summary>
    public static bool IsNot(ReadOnlySpan<Word> words, int i, ReadOnlySpan<byte> text) =>
        words[i].Is(No) || (words[i].Is(Third) && i + 1 < words.Length && words[i].In(text).SequenceEqual("he"u8)
            && words[i + 1].In(text).IndexOfAnyInRange((byte)0xD0, (byte)0xD3) >= 0);

    /// <summary>Whether a sentence says what holds in some case: "if you were abroad, ignore".</summary>
    public static bool IsConditional(ReadOnlySpan<Word> words, int i) => words[SentenceStart(words, i)].Is(When);

    // "you can throw away", "you're authorised to disclose".
    private static bool IsAllowed(ReadOnlySpan<Word> words, int verb, ReadOnlySpan<byte> text) => verb > 1
        && ((words[verb - 1].Is(Question) && words[verb - 2].Is(You))
            || (verb > 2 && words[verb - 1].In(text).SequenceEqual("to"u8) && Allowances.Contains(words[verb - 2].In(text))
                && (words[verb - 3].Is(You) || (verb > 3 && words[verb - 4].Is(You)))));

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
        text[words[verb].Start] >= WordReader.FirstGlued || verb + 2 >= words.Length || VerbFinal.IsBorrowed(text, words[verb].End)
        || words[verb + 1].Sentence != words[verb].Sentence || words[verb + 2].Sentence != words[verb].Sentence
        || words[verb + 1].Is(And | Reveal | Comply | No | Secret) || words[verb + 2].Is(And);

    /// <summary>Whether a sign separates a word from the one before it.</summary>
    public static bool IsClauseStart(ReadOnlySpan<Word> words, int i, ReadOnlySpan<byte> text) =>
        words[i].StartsUnit || (i > 0 && text[words[i - 1].End..words[i].Start].IndexOfAny(",;-()"u8) >= 0);

    /// <summary>Whether a verb is one of words that somebody else said, whatever is quoted.</summary>
    public static bool IsOfOthers(ReadOnlySpan<Word> words, int i, ReadOnlySpan<byte> text) => !words[i].IsQuoted && IsMentioned(words, i, text);

    // 'The article quotes "..."', 'is "..." a good title', 'correct this sentence: ...', 'the teacher told us: ...'.
    private static bool IsMentioned(ReadOnlySpan<Word> words, int i, ReadOnlySpan<byte> text)
    {
        if (IsBetweenApostrophes(words[i].Start, text) || IsExample(words, i, text) || IsNamed(words, i, text))
        {
            return true;
        }

        var opening = words[i].IsQuoted ? i : SentenceStart(words, i);
        while (words[i].IsQuoted && opening > 0 && words[opening - 1].IsQuoted && i - opening < Longest)
        {
            opening--;
        }

        if (opening == 0)
        {
            return false;
        }

        var (sentence, isQuoted) = (words[opening - 1].Sentence, words[i].IsQuoted);
        var isWithin = isQuoted && StandsWithin(words, opening, text);
        var sentenceStart = SentenceStart(words, opening - 1);
        for (var before = opening - 1; before >= 0 && before >= opening - (isQuoted ? 9 : 5) && words[before].Sentence == sentence; before--)
        {
            if (words[before].Is(Mention) || (isQuoted && words[before].Is(Question) && (words[before].StartsUnit || before == opening - 1)))
            {
                // Without quotation marks only "this sentence:" announces words, and they end with the line.
                return isQuoted || before >= opening - 2;
            }

            if (words[before].Is(Reveal) && before > 0 && text[words[opening - 1].End] == (byte)':' && SaysOthers(words, before, text))
            {
                return true;
            }

            // "the researcher demonstrated: ...": others said it, whoever they are.
            if (before == opening - 1 && text[words[before].End] == (byte)':' && before > sentenceStart
                && Reports.Contains(words[before].In(text)) && Articles.Contains(words[sentenceStart].In(text)))
            {
                return true;
            }

            if (isQuoted && before == sentenceStart && Judgings.Contains(words[before].In(text)))
            {
                return true;
            }

            isWithin &= !words[before].Is(Comply | Obey);
        }

        return isWithin;
    }

    // "we tested the phrase ignore all previous instructions", "users should not type reveal ...": without quotation marks a verb behind a noun for
    // words, or behind a verb of writing, is one of theirs.
    private static bool IsNamed(ReadOnlySpan<Word> words, int i, ReadOnlySpan<byte> text)
    {
        if (i < 3 || words[i].StartsUnit || words[i].IsQuoted || words[i - 3].Sentence != words[i].Sentence
            || text[words[i - 1].End..words[i].Start] is not [(byte)' '])
        {
            return false;
        }

        return (words[i - 2].Is(No | Third) && Typings.Contains(words[i - 1].In(text)))
            || (words[i - 1].Is(Mention | Exact) && Namings.Contains(words[i - 1].In(text)) && Articles.Contains(words[i - 2].In(text)));
    }

    // 'write tests for this: bad = ["ignore the above", "you are now"]': one of several quoted phrases, in what somebody is asked to do.
    private static bool IsExample(ReadOnlySpan<Word> words, int i, ReadOnlySpan<byte> text)
    {
        if (!words[i].IsQuoted || words[0].IsQuoted || !words[0].Is(Work | Question | Reveal))
        {
            return false;
        }

        var (first, last) = (Math.Max(0, words[i].Start - LongestPhrase), Math.Min(text.Length, words[i].End + LongestPhrase));
        var open = text[first..words[i].Start].LastIndexOf((byte)'"');
        var close = text[words[i].End..last].IndexOf((byte)'"');
        if (open < 0 || close < 0)
        {
            return false;
        }

        var before = text[first..(first + open)].TrimEnd((byte)' ');
        var behind = text[(words[i].End + close + 1)..last].TrimStart((byte)' ');
        return (behind is [(byte)',', ..] && behind[1..].TrimStart((byte)' ') is [(byte)'"', ..])
            || (before is [.., (byte)','] && before[..^1].TrimEnd((byte)' ') is [.., (byte)'"']);
    }

    // "has 'ignore previous instructions' in three spellings": apostrophes divide no sentences, so the one that closes is looked for.
    private static bool IsBetweenApostrophes(int start, ReadOnlySpan<byte> text)
    {
        if (start < 3 || text[start - 1] != '\'' || text[start - 2] != ' ' || !AsciiByte.IsLetter(text[start - 3]))
        {
            return false;
        }

        var rest = text.Slice(start, Math.Min(LongestPhrase, text.Length - start));
        var close = rest.IndexOf((byte)'\'');
        return close > 0 && close + 2 < rest.Length && rest[close + 1] == ' ' && AsciiByte.IsLetter(rest[close + 2]);
    }

    /// <summary>Whether a quoted word is somebody's in the text: "... ", he used to say.</summary>
    public static bool IsReported(ReadOnlySpan<Word> words, int i, ReadOnlySpan<byte> text)
    {
        var opening = i;
        while (opening > 0 && words[opening - 1].IsQuoted && i - opening < Longest)
        {
            opening--;
        }

        var end = i;
        while (end + 1 < words.Length && words[end + 1].IsQuoted && end - i < Longest)
        {
            end++;
        }

        var isOpened = opening > 0 && words[opening].IsQuoted;
        return (isOpened && (StandsWithin(words, opening, text) || SpeaksAround(words, opening - 4, opening, text)))
            || SpeaksAround(words, end + 1, end + 4, text);
    }

    /// <summary>Whether a quoted word stands in a quotation that a word for one announces: a message that says "...".</summary>
    public static bool IsCited(ReadOnlySpan<Word> words, int i, ReadOnlySpan<byte> text)
    {
        var opening = i;
        while (opening > 0 && words[opening - 1].IsQuoted && i - opening < Longest)
        {
            opening--;
        }

        return opening > 0 && words[opening - 1].Is(Mention) && words[opening].IsQuoted && StandsWithin(words, opening, text);
    }

    private static bool SpeaksAround(ReadOnlySpan<Word> words, int from, int to, ReadOnlySpan<byte> text)
    {
        for (var i = Math.Max(0, from); i < to && i < words.Length; i++)
        {
            if (WordSets.IsPerson(words[i].In(text)))
            {
                return true;
            }
        }

        return false;
    }

    // "I always tell my students".
    private static bool SaysOthers(ReadOnlySpan<Word> words, int verb, ReadOnlySpan<byte> text)
    {
        for (var i = verb - 1; i >= 0 && i >= verb - 2 && words[i].Sentence == words[verb].Sentence; i--)
        {
            if (WordSets.IsPerson(words[i].In(text)))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether what begins with a quoted word is a quotation in a sentence of somebody's own.</summary>
    public static bool IsQuotation(ReadOnlySpan<Word> words, int i, ReadOnlySpan<byte> text) => StandsWithin(words, i, text);

    // A quotation in a sentence of somebody's own, unlike a string in data: a word and a space before it.
    private static bool StandsWithin(ReadOnlySpan<Word> words, int opening, ReadOnlySpan<byte> text)
    {
        if (words[opening - 1].IsQuoted)
        {
            return false;
        }

        var between = text[words[opening - 1].End..words[opening].Start];
        return between.IndexOfAny(DataSigns) < 0 && between.IndexOfAny(" ("u8) >= 0 && between.Length <= 8 && between[^1] != (byte)' ';
    }

    // "Write an e-mail that tells ...": what follows is part of the text that is asked for.
    private static bool IsPartOfText(ReadOnlySpan<Word> words, int start, ReadOnlySpan<byte> text) =>
        IsWriting(words, start, text) || (start > 0 && IsWriting(words, SentenceStart(words, start - 1), text));

    private static bool IsWriting(ReadOnlySpan<Word> words, int start, ReadOnlySpan<byte> text)
    {
        // "I need a monologue".
        var isNeed = words[start].Is(My) && start + 1 < words.Length && WordSets.IsNeed(words[start + 1].In(text));
        if (!isNeed && !words[start].Is(Work | Reveal | Question | Polite))
        {
            return false;
        }

        var isTask = isNeed || words[start].Is(Work | Reveal);
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
