using LlmGuard.Plugins.InjectionProtection.Prompts.Words;
using static LlmGuard.Plugins.InjectionProtection.Prompts.Words.WordClass;

namespace LlmGuard.Plugins.InjectionProtection.Prompts.Overrides;

/// <summary>What is set aside, and which of it: the slots around a verb of <see cref="OverrideGrammar"/>, each filled once.</summary>
internal struct OverrideSlots(int verb)
{
    private const int MostScope = 3;

    // Bytes that the longest stem has.
    private const int LongestStem = 24;

    private const WordClass NotNouns = Order | Text | Prior | Limit | Your | Inner | Told | You | And | Filler | Late | Third | Whole | Reveal;

    private int _object;
    private int _prior;
    private int _late;
    private int _whole;
    private int _your;
    private int _told;
    private int _my;
    private int _other;
    private int _inner;
    private int _topic;
    private bool _ends;
    private bool _hasNoun;

    public readonly bool HasObject => _object > 0;

    public readonly bool HasScope => _prior + _whole + _told > 0;

    /// <summary>Whether it is what a model was told, and no other text.</summary>
    public readonly bool IsOrder => _object > 1;

    public readonly bool IsYours => _your > 0;

    /// <summary>Whether "all" is all that is said of it.</summary>
    public readonly bool IsBare => _object + _prior + _late + _your + _told + _inner == 0;

    /// <summary>Whether it is any text, or rules of which nothing more is said: those of a game, a letter, a form.</summary>
    public readonly bool IsWeak =>
        (_object == 1 && _your + _told == 0 && _prior + _whole < 2)
        || (_object == 2 && _prior + _whole + _your + _told + _inner + _late == 0);

    public readonly int Score =>
        verb + Math.Max(_object, _whole + _told > 0 ? 1 : 0) + Math.Min(MostScope, Earlier + _whole + _your + _told) - (_object < 2 ? 2 * _my : 0)
        - (_object == 0 ? 2 * _other : 0) - (2 * _topic);

    // "the last paragraph" is anybody's.
    private readonly int Earlier => _prior | (_object > 1 ? _late : 0);

    /// <summary>Takes a word near the verb.</summary>
    /// <returns>Whether it belongs to what is set aside.</returns>
    public bool Take(ReadOnlySpan<Word> words, int i, ReadOnlySpan<byte> text)
    {
        var word = words[i];
        if (_ends)
        {
            return false;
        }

        if (word.Class == None)
        {
            _hasNoun = true;
            _topic |= _object > 0 && IsOn(words, i, text) ? 1 : 0;
            return false;
        }

        _other |= IsTopic(words, i, text) ? 1 : 0;
        _topic |= _object > 0 && IsOn(words, i, text) ? 1 : 0;
        // "forget the past and follow your own rules", "ignore the old endpoints and use the new ones for all calls".
        if (word.Is(And) && !word.Is(Order)
            && (_object > 0 || (_hasNoun && IsOtherVerb(words, i + 1)) || HasScope || (_late > 0 && i + 1 < words.Length && words[i + 1].Is(Obey))))
        {
            _ends = true;
            return false;
        }

        var known = (_object, _prior, _late, _whole, _your, _told);
        if (word.Is(Order | Text) && _object == 0 && (IsOfThing(words, i, text) || (!word.Is(Order) && IsInText(words, i, text))))
        {
            _ends = true;
            return false;
        }

        var isInnerText = word.Is(Text) && i > 0 && words[i - 1].Is(Inner) && !words[i - 1].Is(Prior);
        _object = Math.Max(_object, word.Is(Order) || isInnerText ? 2 : word.Is(Text | Limit) ? 1 : 0);
        _prior |= word.Is(Prior) && !IsConjunction(words, i, text) ? 1 : 0;
        _late |= word.Is(Late) ? 1 : 0;
        _inner |= word.Is(Inner) && !word.Is(Prior) ? 1 : 0;
        _other |= word.Is(Prior | Whole) && _object == 0 && IsOfNoun(words, i, text) ? 1 : 0;
        // "stop the pump by any means": of what is done, not of what it is done to.
        _other |= word.Is(Whole) && verb == 1 && _hasNoun && _object + _prior + _late + _told == 0 ? 1 : 0;
        _whole |= word.Is(Whole) ? 1 : 0;
        _your |= word.Is(Your) ? 1 : 0;
        _my |= word.Is(My) ? 1 : 0;
        _told = Math.Max(_told, word.Is(Told) && IsByYou(words, i) && !IsOfSomebody(words, i, text) ? 2 : 0);
        return known != (_object, _prior, _late, _whole, _your, _told);
    }

    // "the request or metadata before they are sent": behind another noun than the one that counts.
    private readonly bool IsConjunction(ReadOnlySpan<Word> words, int i, ReadOnlySpan<byte> text) =>
        _object > 0 && i > 0 && words[i - 1].Class == None && words[i].In(text).SequenceEqual("before"u8);

    // What is done besides, to something else.
    private static bool IsOtherVerb(ReadOnlySpan<Word> words, int i) => i < words.Length
        && words[i].Is(Work | Reveal | Send | Comply | Critical) && !words[i].Is(Order | Prior | Whole | Your | Text | Limit | Filler);

    /// <summary>Whether "everything" is all that is said.</summary>
    public readonly bool IsWholeAtEnd(ReadOnlySpan<Word> words, int last) =>
        _whole > 0 && words[last].Is(Whole) && words[last].End - words[last].Start > 3
        && (last + 1 >= words.Length || words[last + 1].Sentence != words[last].Sentence);

    // "guidance on masks".
    private static bool IsOn(ReadOnlySpan<Word> words, int i, ReadOnlySpan<byte> text) =>
        i + 1 < words.Length && words[i + 1].Class == None && words[i + 1].Sentence == words[i].Sentence && WordSets.IsAbout(words[i].In(text));

    // "earlier copies of this policy": a thing that is made of what is told, in one of its states.
    private static bool IsOfThing(ReadOnlySpan<Word> words, int i, ReadOnlySpan<byte> text) =>
        i > 3 && words[i - 1].Is(Following | Filler) && !words[i - 1].Is(Your) && words[i - 2].In(text).SequenceEqual("of"u8)
        && words[i - 3].Class == None && words[i - 4].Is(Prior | Late) && words[i - 4].Sentence == words[i].Sentence;

    // "the typos in the text".
    private static bool IsInText(ReadOnlySpan<Word> words, int i, ReadOnlySpan<byte> text) =>
        i > 3 && words[i - 1].Is(Following | Filler) && !words[i - 1].Is(Your) && WordSets.IsPlace(words[i - 2].In(text))
        && words[i - 3].Class == None && words[i - 3].Sentence == words[i].Sentence;

    // "everything about pasta", "everything but orders".
    private static bool IsTopic(ReadOnlySpan<Word> words, int i, ReadOnlySpan<byte> text)
    {
        var word = words[i].In(text);
        return i + 1 < words.Length && words[i + 1].Sentence == words[i].Sentence
            && ((word.SequenceEqual("about"u8) && ((words[i + 1].Class == None && !words[i + 1].In(text).SequenceEqual("being"u8))
                    || (words[i + 1].Is(Your) && IsNoun(words, i + 2, words[i].Sentence))))
                || (word.SequenceEqual("but"u8) && words[i - 1].Is(Whole)));
    }

    // "all previous values", "all the others": of something that no model was told.
    private static bool IsOfNoun(ReadOnlySpan<Word> words, int i, ReadOnlySpan<byte> text)
    {
        if (text[words[i].Start] >= WordReader.FirstGlued)
        {
            return words[i].Is(Whole) && IsBeforeUnknown(text[words[i].End..]);
        }

        if (text[words[i].Start] >= 0x80 || i + 1 >= words.Length || text[words[i].End..words[i + 1].Start] is not [(byte)' '])
        {
            return false;
        }

        // "any existing cache".
        var of = i + 1;
        while (of < words.Length && of <= i + 2 && words[of].Is(Prior | Late) && !words[of].Is(Order | Text | When))
        {
            of++;
        }

        var next = words[i + 1];
        return IsNoun(words, of, words[i].Sentence) || (next.Is(Work) && !next.Is(NotNouns))
            || (words[i].Is(Whole) && (next.Is(Your) || next.In(text).SequenceEqual("the"u8)) && IsNoun(words, i + 2, words[i].Sentence));
    }

    // Characters of a writing without spaces that no word is known of: "all blank lines". The most frequent suffix of it is passed.
    private static bool IsBeforeUnknown(ReadOnlySpan<byte> rest)
    {
        rest = rest.StartsWith("的"u8) ? rest[3..] : rest;
        rest = rest[..Math.Min(rest.Length, LongestStem)];
        return rest.Length > 3 && rest[0] is >= 0xE4 and <= 0xE9 && Lexicon.FindStem(rest, 0, out _, out _) != 0;
    }

    private static bool IsNoun(ReadOnlySpan<Word> words, int i, int sentence) =>
        i < words.Length && words[i].Class == None && words[i].Sentence == sentence;

    // "what the teacher told you".
    private static bool IsOfSomebody(ReadOnlySpan<Word> words, int i, ReadOnlySpan<byte> text) =>
        i > 1 && words[i - 1].Sentence == words[i].Sentence && words[i - 2].In(text) is var article
        && (words[i - 1].Class == None
            ? article.SequenceEqual("the"u8) || article.SequenceEqual("my"u8)
            : i > 2 && words[i - 1].In(text).SequenceEqual("have"u8) && words[i - 2].Class == None && words[i - 3].Is(Question));

    // "you were told", "they told you", "dir gesagt".
    private static bool IsByYou(ReadOnlySpan<Word> words, int i)
    {
        for (var near = Math.Max(0, i - 4); near < Math.Min(words.Length, i + 3); near++)
        {
            if (words[near].Is(You) && words[near].Sentence == words[i].Sentence)
            {
                return true;
            }
        }

        return false;
    }
}
