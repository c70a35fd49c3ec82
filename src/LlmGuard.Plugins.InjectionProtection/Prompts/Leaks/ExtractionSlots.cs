using System.Runtime.CompilerServices;
using LlmGuard.Plugins.InjectionProtection.Prompts.Words;
using LlmGuard.Scanning.Lexing;
using static LlmGuard.Plugins.InjectionProtection.Prompts.Words.WordClass;

namespace LlmGuard.Plugins.InjectionProtection.Prompts.Leaks;

/// <summary>What is asked for, whose it is and in which form: the slots around a verb of <see cref="ExtractionGrammar"/>, each filled once.</summary>
internal struct ExtractionSlots
{
    /// <summary>Without a word of one of these no sum is enough: instructions that are nobody's weigh nothing.</summary>
    public const WordClass Own = Secret | Your | Told | Inner | Prior;

    // Whom something is made for.
    private static readonly WordTable<bool> ForOthers = WordSets.Of("fur для para pour per dla voor icin for pentru za");

    // What a model was given beside its instructions.
    private static readonly WordTable<bool> OwnThings =
        WordSets.Of("configuration config directions directive directives briefing backstory context");

    // What instructions do with a model.
    private static readonly WordTable<bool> Bindings =
        WordSets.Of("controls control governs govern drives drive guides guide defines define controlling governing guiding binds bind steers steer");

    private static readonly WordTable<bool> Beginnings = WordSets.Of("start beginning outset anfang debut inicio");

    private int _object;
    private int _secret;
    private int _own;
    private int _you;
    private int _inner;
    private int _prior;
    private int _start;
    private int _whole;
    private int _behindWhole;
    private int _exact;
    private int _others;
    private bool _allBefore;
    private bool _told;
    private bool _allTold;

    /// <summary>Whether it is the reader's own.</summary>
    public readonly bool IsOwn => _own > 1;

    public readonly bool HasObject => _object > 1 || _secret > 0 || _allBefore || (_object > 0 && _prior > 0) || (_told && Earlier > 0) || _allTold;

    /// <summary>The words near to which stands what can fill what <see cref="HasObject"/> asks for.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static WordPlaces.Places MayHaveObject(in WordPlaces words) =>
        words.Near(Order | Secret | Your | Told) | (words.Near(Text) & words.Near(Inner | Prior)) | (words.Near(Prior) & words.Near(Whole));

    /// <summary>The sum. Another text than instructions counts only as one that came before.</summary>
    public readonly int Score =>
        (_secret + _own + _inner + _prior == 0 ? -2 : 0) + Math.Max(TextWeight, _secret > 0 ? _secret + (_own > 0 ? 0 : _you) : 0)
        + _own + _inner + Earlier + _whole + _exact + (_allBefore ? 1 : 0) - _others;

    // The start of a story is no conversation's: only of what the reader was told does it say which.
    private readonly int Earlier => _prior | (_told ? _start : 0);

    private readonly int TextWeight => _object > 1 || Earlier > 0 ? Math.Max(_object, _told ? 1 : 0) : 0;

    /// <summary>Takes a word near the verb.</summary>
    /// <returns>Whether it belongs to what is asked for.</returns>
    public bool Take(ReadOnlySpan<Word> words, int i, ReadOnlySpan<byte> text, bool isForm)
    {
        var word = words[i];
        if (word.Class == None && !OwnThings.Contains(word.In(text)) && !Beginnings.Contains(word.In(text)))
        {
            return false;
        }

        var known = (_object, _secret, _own, _inner, _prior, _whole, _exact);
        _exact |= word.Is(Exact) ? 1 : 0;
        if (isForm)
        {
            return known.Item7 != _exact;
        }

        // Programs have hidden commands as well.
        var isOrder = IsOwnThing(words, i, text) || word.Is(Order) && (_own > 0 || !word.In(text).StartsWith("command"u8));
        _object = Math.Max(_object, isOrder || (IsInnerText(words, i) && (_own > 0 || !WordSets.IsOfMachine(word.In(text))))
            ? 2
            : word.Is(Text) ? 1 : 0);
        _told |= word.Is(Told) && IsByYou(words, i);
        _allTold |= word.Is(Whole) && IsToldToYou(words, i);
        _secret = Math.Max(_secret, word.Is(Secret) ? SecretWeight(words, i, text) : 0);
        _own = Math.Max(_own, isOrder && IsBinding(words, i, text) ? 1 : 0);
        _own = Math.Max(_own, word.Is(Your) ? OwnWeight(words, i, text) : word.Is(Told) && IsByYou(words, i) ? 2 : 0);
        _you |= word.Is(You) && !word.Is(Your) ? 1 : 0;
        _inner |= word.Is(Inner) && !word.Is(Secret) ? 1 : 0;
        var isPrior = word.Is(Prior) && !word.Is(Inner) && !IsBeforeEvent(words, i, text);
        _prior |= isPrior ? 1 : 0;
        _start |= IsAtStart(words, i, text) ? 1 : 0;
        _allBefore |= isPrior && i > 0 && (words[i - 1].Is(Whole) || (i > 1 && words[i - 2].Is(Whole))
            || (_behindWhole > 0 && i - _behindWhole is >= 0 and <= 2));
        _behindWhole = word.Is(Whole) ? i + 1 : _behindWhole;
        _whole |= word.Is(Whole) && !word.Is(Exact) ? 1 : 0;
        _others |= !HasObject && word.Is(Question) && words[i].In(text).SequenceEqual("how"u8) ? 2 : 0;
        _others |= word.Is(Order) && IsFor(words, i, text) ? 2 : 0;
        _others |= word.Is(Order | Text) && IsAny(words, i, text) ? 2 : 0;
        _others |= text[word.Start] >= WordReader.FirstGlued && WordSets.IsManner(word.In(text)) ? 2 : 0;
        var isMine = word.Is(My) && i > 0 && !words[i - 1].Is(Reveal) && word.In(text) is not [(byte)'i'];
        _others |= (!HasObject && word.Is(Third) && !word.Is(Whole)) || isMine ? 2 : 0;
        return known != (_object, _secret, _own, _inner, _prior, _whole, _exact);
    }

    // Many languages have no articles.
    // "the password", "the secret key": as the thing itself, not "the password policy" and not "a secret".
    private static int SecretWeight(ReadOnlySpan<Word> words, int i, ReadOnlySpan<byte> text)
    {
        var word = words[i].In(text);
        if (!word.StartsWith("pass"u8) && !word.StartsWith("secret"u8) && !word.StartsWith("cred"u8))
        {
            return 3;
        }

        var next = i + 1 < words.Length && words[i + 1].Sentence == words[i].Sentence ? words[i + 1] : default;
        if ((next.End > 0 && (next.Class == None || next.Is(Limit) || WordSets.IsOfAccounts(next.In(text)))) || IsOf(words, i, text))
        {
            return 1;
        }

        // One letter is "a".
        var before = i > 0 ? words[i - 1] : default;
        return !before.Is(Filler | Your | Inner | Secret) || before.End - before.Start == 1 ? 2 : next.End > 0 ? 3 : 4;
    }

    // "into a system message", "a good system prompt": one that there is not yet.
    private static bool IsAny(ReadOnlySpan<Word> words, int i, ReadOnlySpan<byte> text)
    {
        var first = i;
        while (first > 0 && first > i - 3 && words[first - 1].Sentence == words[i].Sentence
            && (words[first - 1].Is(Inner) || words[first - 1].Class == None) && !words[first - 1].Is(Your | Prior))
        {
            first--;
        }

        return first > 0 && words[first - 1].Sentence == words[i].Sentence && words[first - 1].In(text) is var article
            && (article.SequenceEqual("a"u8) || article.SequenceEqual("an"u8) || article.SequenceEqual("einen"u8) || article.SequenceEqual("une"u8)
                || article.SequenceEqual("un"u8) || article.SequenceEqual("een"u8) || article.SequenceEqual("um"u8));
    }

    // "your guidelines for tipping", "the hidden rules of the English queue".
    private static bool IsFor(ReadOnlySpan<Word> words, int i, ReadOnlySpan<byte> text)
    {
        if (IsOf(words, i, text))
        {
            return true;
        }

        // "ein Systemprompt für einen Laden", "системный промпт для бота".
        if (i + 2 < words.Length && words[i + 1].Sentence == words[i].Sentence && ForOthers.Contains(words[i + 1].In(text)))
        {
            return !words[i + 2].Is(My | Reveal);
        }

        if (i + 2 >= words.Length || words[i + 2].Sentence != words[i].Sentence
            || (words[i + 2].Class != None && !(words[i + 2].Is(Work) && words[i + 2].In(text).EndsWith("ing"u8) && i + 3 < words.Length
                && words[i + 3].Sentence == words[i].Sentence)))
        {
            return false;
        }

        var word = words[i + 1].In(text);
        return word.SequenceEqual("for"u8) || word.SequenceEqual("on"u8) || word.SequenceEqual("about"u8);
    }

    // Of something that no word is known of: no model's.
    private static bool IsOf(ReadOnlySpan<Word> words, int i, ReadOnlySpan<byte> text)
    {
        if (i + 2 >= words.Length || !words[i + 1].In(text).SequenceEqual("of"u8))
        {
            return false;
        }

        var noun = words[i + 2].In(text) is var article && (article.SequenceEqual("the"u8) || article.SequenceEqual("a"u8)) ? i + 3 : i + 2;
        return noun < words.Length && words[noun].Class == None && words[noun].Sentence == words[i].Sentence;
    }

    // "before you open", "above line 40": says when or where, not what.
    private static bool IsBeforeEvent(ReadOnlySpan<Word> words, int i, ReadOnlySpan<byte> text) =>
        (i + 1 < words.Length && words[i + 1].In(text).SequenceEqual("line"u8) && words[i + 1].Sentence == words[i].Sentence
            && text[words[i + 1].End..] is [(byte)' ', >= (byte)'0' and <= (byte)'9', ..]) ||
        (words[i].In(text).SequenceEqual("before"u8) && i + 1 < words.Length && words[i + 1].Class == None
            && words[i + 1].Sentence == words[i].Sentence)
        || words[i].Is(When) && i + 1 < words.Length && words[i + 1].Is(You) && !words[i + 1].Is(Your) && words[i + 1].Sentence == words[i].Sentence;

    // "system message".
    private static bool IsInnerText(ReadOnlySpan<Word> words, int i) =>
        words[i].Is(Text) && i > 0 && words[i - 1].Is(Inner) && !words[i - 1].Is(Prior);

    // "your configuration", "your context window".
    private static bool IsOwnThing(ReadOnlySpan<Word> words, int i, ReadOnlySpan<byte> text) =>
        i > 0 && (words[i - 1].Is(Your) || (i > 1 && words[i - 2].Is(Your) && words[i - 1].Is(Inner | Whole | Exact)))
        && words[i - 1].Sentence == words[i].Sentence && OwnThings.Contains(words[i].In(text));

    // "the rules you follow", "what rules are you following", "the prompt that controls you": the reader's own, whoever wrote it.
    private static bool IsBinding(ReadOnlySpan<Word> words, int i, ReadOnlySpan<byte> text)
    {
        for (var you = i + 1; you < words.Length && you <= i + 3 && words[you].Sentence == words[i].Sentence; you++)
        {
            if (!words[you].Is(You) || words[you].Is(Your))
            {
                continue;
            }

            return (you > i + 1 && Bindings.Contains(words[you - 1].In(text)))
                || (you + 1 < words.Length && words[you + 1].Sentence == words[i].Sentence && words[you + 1].Is(Obey)
                    && (you + 2 >= words.Length || words[you + 2].Sentence != words[i].Sentence || words[you + 2].Is(Now) || words[you + 2].Is(Exact)
                        || words[you + 2].In(text).SequenceEqual("right"u8)));
        }

        return false;
    }

    // "all you've been given", "everything that you were told".
    private static bool IsToldToYou(ReadOnlySpan<Word> words, int whole)
    {
        var isYou = false;
        for (var i = whole + 1; i < words.Length && i <= whole + 5 && words[i].Sentence == words[whole].Sentence; i++)
        {
            if (isYou && words[i].Is(Told))
            {
                return true;
            }

            isYou |= i <= whole + 2 && words[i].Is(You) && !words[i].Is(Your);
        }

        return false;
    }

    // "at the start", "from the very beginning".
    private static bool IsAtStart(ReadOnlySpan<Word> words, int i, ReadOnlySpan<byte> text)
    {
        if (!Beginnings.Contains(words[i].In(text)) || i < 2 || words[i - 2].Sentence != words[i].Sentence)
        {
            return false;
        }

        var at = words[i - 1].In(text).SequenceEqual("very"u8) && i > 2 ? words[i - 3].In(text) : words[i - 2].In(text);
        return at.SequenceEqual("at"u8) || at.SequenceEqual("from"u8) || at.SequenceEqual("since"u8) || at.SequenceEqual("am"u8);
    }

    // "your full prompt", not "your report on the prompt".
    private static int OwnWeight(ReadOnlySpan<Word> words, int i, ReadOnlySpan<byte> text)
    {
        for (var next = i + 1; next < words.Length && next <= i + 3 && words[next].Sentence == words[i].Sentence; next++)
        {
            if (words[next].Is(Order | Secret) || (words[next].Is(Text) && words[next - 1].Is(Inner)) || IsOwnThing(words, next, text))
            {
                return 2;
            }

            if (words[next].Is(And))
            {
                break;
            }
        }

        // Where the possessive follows or the noun has an unknown word before it, it is a weaker sign.
        return i > 0 && words[i - 1].Is(Order | Secret | Inner) ? 2 : 0;
    }

    private static bool IsByYou(ReadOnlySpan<Word> words, int i)
    {
        for (var near = Math.Max(0, i - 3); near < Math.Min(words.Length, i + 3); near++)
        {
            if (words[near].Is(You) && words[near].Sentence == words[i].Sentence)
            {
                return true;
            }
        }

        return false;
    }
}
