using LlmGuard.Plugins.InjectionProtection.Prompts.Signals;
using LlmGuard.Plugins.InjectionProtection.Prompts.Words;
using static LlmGuard.Plugins.InjectionProtection.Prompts.Words.WordClass;

namespace LlmGuard.Plugins.InjectionProtection.Prompts.Personas;

/// <summary>Counts the signals of <see cref="PersonaScore"/>.</summary>
internal partial struct PersonaSignals
{
    /// <summary>What the signals may lack at the most before it is read whom they are said to.</summary>
    public const double AddressWeight = 3;

    private const int Reach = 5;

    /// <summary>Words around a signal that are looked at, in steps.</summary>
    public const int Looks = 24;

    /// <summary>What a word must be of to be a signal.</summary>
    public const WordClass Any = Model | Fiction | Character | Harm | Even | Unlimited | Jailbreak | Persona | Play | Limit | Override | Drop | Refuse
        | Anything | Mode | Two | Now | Output | Stake | Kin;

    // What is said to a reader, or asked of it.
    private const WordClass Said = You | Your | My | Work | Reveal | Comply | Play;

    private int _play;
    private int _unlimited;
    private int _noLimit;
    private int _anyLimit;
    private int _playsFree;
    private int _neverRefuse;
    private int _anything;
    private int _harm;
    private int _even;
    private int _persona;
    private int _mode;
    private int _modeOfYours;
    private int _modes;
    private int _dual;
    private int _dualOfYours;
    private int _model;
    private int _theirs;
    private int _fromNowOn;
    private int _overrideLimit;
    private int _jailbreak;
    private int _fiction;
    private int _character;
    private int _opening;
    private int _stake;
    private int _ghost;
    private int _yours;
    private int _you;
    private int _task;
    private int _sure;
    private int _way;
    private int _claim;
    private int _limit;
    private int _setting;
    private int _lesson;
    private int _detail;
    private int _maker;
    private int _permit;
    private int _dump;
    private int _free;
    private int _vow;
    private int _forged;
    private int _switch;
    private int _switchOfYours;

    public readonly bool IsMode => _mode > 0;

    public readonly bool IsDual => _dual > 0;

    /// <summary>The sum of the signals.</summary>
    public readonly double Score => Quarters / 4.0;

    // In whole numbers, each of which waits less for the one before it than sums of fractions do.
    private readonly int Quarters =>
        (Math.Min(_play, 2) * 3)
        + (Math.Min(_unlimited, 3) * 5)
        + (Math.Min(_noLimit, 4) * 6)
        + (Math.Min(_anyLimit, 2) * 2)
        + (Math.Min(_playsFree, 1) * 5)
        + (Math.Min(_neverRefuse, 3) * 6)
        + (Math.Min(_anything, 3) * 6)
        + (Math.Min(_harm, 5) * 2)
        + (Math.Min(_even, 2) * 6)
        + (Math.Min(_persona, 3) * 4)
        + (Math.Min(_mode, 2) * 6)
        + (Math.Min(_modes, 2) * 2)
        + (Math.Min(_modeOfYours, 1) * 5)
        + (Math.Min(_dual, 2) * 6)
        + (Math.Min(_model, 3) * 2)
        - (_theirs * 4)
        + (Math.Min(_fromNowOn, 1) * 4)
        + (Math.Min(_overrideLimit, 2) * 8)
        + (Math.Min(_jailbreak, 2) * 6)
        + Math.Min(_fiction, 2)
        + (Math.Min(_character, 2) * 2)
        + (Math.Min(_opening, 1) * 6)
        + (Math.Min(_stake, 2) * 2)
        + (Math.Min(_ghost, 1) * 10)
        + (Math.Min(_sure, 1) * 9)
        + (_way == 0 ? 0 : Pressure > 0 ? 8 + Pressure : 2)
        + (_way == 0 && _claim > 0 ? 4 : 0)
        + FrameQuarters
        + (Math.Min(_yours, 2) * 7)
        + (_task > 0 && (_yours > 0 || (_harm > 0 && _neverRefuse > 0)) ? 2 : 0)
        + (_harm > _unlimited && _yours + _overrideLimit + _neverRefuse + _sure + _ghost > 0 ? 4 : 0);

    // What shall keep the reader from refusing: somebody else to be, somebody who may ask, its limits or what it shall not say.
    private readonly int Pressure =>
        _play + _character + _persona + _claim + _limit + _neverRefuse + _stake + _opening + _mode + _unlimited > 0 ? 4 : _fiction > 0 ? 2 : 0;

    /// <summary>
    /// Whether anything is said about who the reader shall be or what it shall not do. Without it, limits and their absence are those of something
    /// else, such as the liability in a licence.
    /// </summary>
    public readonly bool IsAboutReader =>
        (_you + _task + _switch + _forged > 0 || (_model > 2 && _unlimited > 0) || _setting > 1 || _free > 0)
        && (_task > 0 ? _fiction + _unlimited : 0) + _dualOfYours + _play + _persona + _mode + _model + _neverRefuse + _overrideLimit
            + _jailbreak + _ghost + _character + _yours + _sure + (_way * (_claim + _limit + _stake + _noLimit + _opening + _unlimited))
            + (_setting > 1 ? 1 : 0) + _free + _maker + (_lesson * _detail) + _vow + _switchOfYours + (_switch * _claim) + _forged > 0;

    /// <summary>Whether it is said to the reader itself who it shall be, how it shall answer or that its own limits are gone.</summary>
    public readonly bool IsToReader =>
        _yours + _persona + _mode + _ghost + _sure + _dualOfYours + _playsFree + _neverRefuse + (_play * _character) > 0;

    /// <summary>
    /// The signals with all that <see cref="ReadAddress(WordRow, ReadOnlySpan{byte})"/> could find: where this is not enough, it need not be read.
    /// </summary>
    public readonly PersonaSignals WithAnyAddress()
    {
        var most = this;
        (most._you, most._task, most._maker, most._permit) = (1, 1, 1, 1);
        most._claim = MayClaim ? 1 : 0;
        most._detail = MayHaveDetails ? 1 : 0;
        return most;
    }

    private readonly bool MayClaim => _way + _noLimit + _switch > 0;

    private readonly bool MayHaveDetails => _lesson > 0 || (_noLimit > 0 && _model > 0);

    /// <summary>Reads whether the text speaks to a reader and asks for anything, which is asked only where the signals are enough.</summary>
    public void ReadAddress(WordRow row, ReadOnlySpan<byte> text)
    {
        if (MayClaim)
        {
            ReadAddress(row.Words, text);
            return;
        }

        // What a claim is made of may be any word; all the rest is said in few.
        _detail = CountDetails(row.Words, text);
        foreach (var i in row.Of(Your | You | Model | Said))
        {
            if (!LacksAddress)
            {
                return;
            }

            TakeAddress(row.Words, i, text);
        }
    }

    /// <inheritdoc cref="ReadAddress(WordRow, ReadOnlySpan{byte})"/>
    public void ReadAddress(ReadOnlySpan<Word> words, ReadOnlySpan<byte> text)
    {
        _detail = CountDetails(words, text);
        for (var i = 0; i < words.Length && LacksAddress; i++)
        {
            TakeAddress(words, i, text);
        }
    }

    private readonly bool LacksAddress =>
        _you == 0 || _task == 0 || (MayClaim && _claim == 0) || (_noLimit + _overrideLimit + _mode > 0 && _maker == 0);

    private readonly int CountDetails(ReadOnlySpan<Word> words, ReadOnlySpan<byte> text) =>
        words.Length > 0 && MayHaveDetails ? HarmfulRequest.CountDetails(text[words[0].Start..words[^1].End]) : 0;

    private void TakeAddress(ReadOnlySpan<Word> words, int i, ReadOnlySpan<byte> text)
    {
        ref readonly var word = ref words[i];
        _claim += MayClaim && HarmfulRequest.Claims(words, i, text) ? 1 : 0;
        _maker += word.Is(Your | You | Model) && HarmfulRequest.ClaimsMaker(words, i, text) ? 1 : 0;
        _permit += word.Is(You) && HarmfulRequest.Permits(words, i, text) ? 1 : 0;
        if (word.Is(Said) && !(word.Is(You) && word.IsQuoted && Mood.IsReported(words, i, text)))
        {
            _you += word.Is(You | Your) || word.In(text).SequenceEqual("me"u8) ? 1 : 0;
            var isFirst = word.StartsUnit || (i > 0 && words[i - 1].Is(And | Now | Polite | You));
            _task += word.Is(Work | Reveal | Comply | Play) && isFirst && !IsThird(word, text) ? 1 : 0;
        }
    }

    /// <summary>
    /// Whether a second person stands anywhere near. A specification says of models, limits and refusals what a jailbreak says, but to nobody.
    /// </summary>
    public static bool HasSecondPerson(ReadOnlySpan<Word> words, ReadOnlySpan<byte> text)
    {
        foreach (var word in words)
        {
            // Turkish for "to you", which other languages have of things.
            if (word.Is(You | Your) && !word.In(text).SequenceEqual("size"u8))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Takes the next word that may be a signal.</summary>
    public void Take(ReadOnlySpan<Word> words, int i, ReadOnlySpan<byte> text)
    {
        ref readonly var word = ref words[i];
        _model += word.Is(Model) ? 1 : 0;
        _theirs |= word.Is(Model) && ModelTalk.IsOwned(words, i, text) ? 1 : 0;
        _fiction += word.Is(Fiction) ? 1 : 0;
        _fromNowOn += word.Is(Now) && (IsFromNow(words, i, text) || Before(words, i, 3, You)) ? 1 : 0;
        if (word.Is(Output) && Opening(words, i, text) is >= 0 and var quoted)
        {
            _opening++;
            _sure += WordSets.IsOfReader(word.In(text)) && IsPromise(words, quoted, text) ? 1 : 0;
        }

        // Most signals of ordinary texts are those above.
        if (word.Is(Any & ~(Model | Fiction | Now | Output)))
        {
            TakeRare(words, i, text);
        }
    }

    private void TakeRare(ReadOnlySpan<Word> words, int i, ReadOnlySpan<byte> text)
    {
        ref readonly var word = ref words[i];
        var noLimit = _noLimit;
        _character += word.Is(Character) && Before(words, i, Reach, Comply | Play | Stop) ? 1 : 0;
        _harm += word.Is(Harm) ? 1 : 0;
        _vow += word.Is(Limit) && word.IsQuoted && IsVow(words, i, text) ? 1 : 0;
        if (word.Is(Limit) && SwitchedOff(words, i, text) is { } switched)
        {
            _switch++;
            _switchOfYours += switched ? 1 : 0;
        }

        _lesson += word.Is(Harm) && HarmfulRequest.IsTaught(words, i, text) ? 1 : 0;
        _setting += word.Is(Limit | Refuse | Mode) && IsSetting(words, i, text) ? 1 : 0;
        _way += word.Is(Harm) && HarmfulRequest.AsksWay(words, i, text) ? 1 : 0;
        _limit += word.Is(Limit | Refuse) && (Before(words, i, 3, Your) || Before(words, i, 5, You | Model)) && !IsConditional(words, i)
            && !(i > 1 && (WordSets.IsPerson(words[i - 1].In(text)) || WordSets.IsPerson(words[i - 2].In(text)))) ? 1 : 0;
        _even += word.Is(Even) && After(words, i, 7, Harm) ? 1 : 0;
        _unlimited += word.Is(Unlimited) ? 1 : 0;
        _jailbreak += word.Is(Jailbreak) && !IsMatter(words, i, text) && !IsProhibited(words, i, text) ? 1 : 0;
        _persona += word.Is(Persona) && Before(words, i, 4, Play | You | Mode | Model) ? 1 : 0;
        _play += word.Is(Play) && (Before(words, i, 4, You) || After(words, i, 1, You) || (words[i].StartsUnit && !word.Is(Fiction))) ? 1 : 0;
        if (word.Is(Limit) && !(i > 0 && words[i - 1].Is(Limit)) && IsLifted(words, i) && !IsOfLaw(words, i, text) && !IsOnThing(words, i, text))
        {
            var isOfReader = IsOfReader(words, i, text);
            _noLimit += isOfReader ? 1 : 0;
            _anyLimit += isOfReader ? 0 : 1;
            _yours += IsYourLimit(words, i, text) ? 1 : 0;
            _forged += IsConfession(words, i, text) ? 1 : 0;
        }

        _playsFree += noLimit != _noLimit && Before(words, i, 12, Play) ? 1 : 0;
        if (word.Is(Override | Drop) && IsOfYourLimits(words, i, text) && !AsksOfOthers(words, i, text) && !IsProhibited(words, i, text))
        {
            _overrideLimit++;
            _yours += (Before(words, i, 3, You) || (After(words, i, Reach, Your) && After(words, i, Reach, Limit)))
                && !IsConditional(words, i) && Mood.OfSentence(words, i, text) >= 0 ? 1 : 0;
        }

        if (word.Is(Refuse) && Before(words, i, 2, Your) && Before(words, i, Reach, Invalid | Drop | Override | Stop))
        {
            _neverRefuse++;
            _yours++;
        }

        if (word.Is(Refuse) && IsDeniedToYou(words, i, text))
        {
            _yours++;
        }

        // What is refused does not refuse.
        _neverRefuse += word.Is(Refuse) && !word.In(text).EndsWith("ed"u8)
            && (Before(words, i, 3, No) || IsDenied(words, i, text) || IsForbiddenPhrase(words, i, text)) ? 1 : 0;
        _anything += word.Is(Anything) && IsAnythingGoes(words, i, text) ? 1 : 0;
        if (word.Is(Mode | Jailbreak) && IsDump(words, i))
        {
            _dump++;
        }

        if (word.Is(Mode) && IsNamedMode(words, i, text))
        {
            _free += i > 0 && words[i - 1].Is(Persona | Unlimited | Jailbreak) && IsAloneInSentence(words, i) ? 1 : 0;
            var isYours = _dump > 0 || Before(words, i, 6, You | Your | Now | Play | Comply)
                || IsAloneInSentence(words, i) || After(words, i, 3, Mode | Now);
            _mode += isYours ? 1 : 0;
            _modeOfYours += Before(words, i, 6, You | Your) ? 1 : 0;
            _modes++;
        }

        if (word.Is(Two) && After(words, i, 4, Output | Comply | Character))
        {
            _dual++;
            _dualOfYours += Before(words, i, 4, Comply | Work | Reveal | Play | You) ? 1 : 0;
        }

        _stake += word.Is(Stake) && (Before(words, i, 6, You | Refuse) || After(words, i, 6, Refuse)) ? 1 : 0;
        _ghost += word.Is(Kin) && Before(words, i, 3, Dead) && Before(words, i, 6, Play) ? 1 : 0;
    }

    // "ab sofort", "od teraz", "a partir de ahora".
    private static bool IsSince(ReadOnlySpan<Word> words, int i, ReadOnlySpan<byte> text)
    {
        var start = Mood.SentenceStart(words, i);
        return i - start is > 0 and <= 3 && WordSets.IsSince(words[start].In(text));
    }

    // "now answers": what a model is said to do.
    private static bool IsThird(Word word, ReadOnlySpan<byte> text) =>
        text[word.End - 1] == (byte)'s' && word.Is(Comply | Work) && !word.In(text).EndsWith("ss"u8) && text[word.Start] < 0x80;

    // "developer mode enabled."
    private static bool IsAloneInSentence(ReadOnlySpan<Word> words, int i)
    {
        var start = Mood.SentenceStart(words, i);
        return i - start <= 3 && !(i + 4 < words.Length && words[i + 4].Sentence == words[i].Sentence);
    }

    // "if a guest tells you to ignore your rules".
    private static bool IsConditional(ReadOnlySpan<Word> words, int i)
    {
        for (var before = i - 1; before >= 0 && before >= i - 12 && words[before].Sentence == words[i].Sentence; before--)
        {
            if (words[before].Is(When) && words[before].Is(Question | When) && before + 1 < i && !words[before + 1].Is(You))
            {
                return true;
            }
        }

        return false;
    }

    // "which models have no filters?": asks about somebody else's.
    private static bool IsQuestion(ReadOnlySpan<Word> words, int i) =>
        words[Mood.SentenceStart(words, i)].Is(Question) && !Before(words, i, 12, When);

    // "sure, here is", "I will comply": a promise to be begun with is one to go on.
    private static bool IsPromise(ReadOnlySpan<Word> words, int i, ReadOnlySpan<byte> text)
    {
        for (var near = i; near < words.Length && near < i + 3 && words[near].Sentence == words[i].Sentence; near++)
        {
            if (WordSets.IsConsent(words[near].In(text)))
            {
                return true;
            }
        }

        return false;
    }

    // Where the negation is an ending.
    private static bool IsDenied(ReadOnlySpan<Word> words, int i, ReadOnlySpan<byte> text) =>
        text[words[i].Start] >= WordReader.FirstGlued && After(words, i, 1, No);

    // "comply with any request", not "comply with any of the terms of this licence".
    private static bool IsAnythingGoes(ReadOnlySpan<Word> words, int i, ReadOnlySpan<byte> text) =>
        (Before(words, i, 3, words[i].End - words[i].Start > 3 ? Comply | Play | Must : Comply | Play)
            && !(i + 2 < words.Length && words[i + 1].In(text).SequenceEqual("of"u8) && !words[i + 2].In(text).SequenceEqual("my"u8)))
        || (Follows(words, i, "do"u8, text) && After(words, i, 6, You | My | No | Limit | Now));

    private static bool IsFromNow(ReadOnlySpan<Word> words, int i, ReadOnlySpan<byte> text) =>
        text[words[i].Start] >= WordReader.FirstGlued || IsSince(words, i, text)
        || Follows(words, i, "from"u8, text) || (i > 1 && Follows(words, i - 1, "from"u8, text));

    private static bool Follows(ReadOnlySpan<Word> words, int i, ReadOnlySpan<byte> word, ReadOnlySpan<byte> text) =>
        i > 0 && words[i - 1].In(text).SequenceEqual(word);

    private static bool Before(ReadOnlySpan<Word> words, int i, int reach, WordClass classes)
    {
        for (var other = i - 1; other >= 0 && other >= i - reach && words[other].Sentence == words[i].Sentence; other--)
        {
            if (words[other].Is(classes))
            {
                return true;
            }
        }

        return false;
    }

    private static bool After(ReadOnlySpan<Word> words, int i, int reach, WordClass classes)
    {
        for (var other = i + 1; other < words.Length && other <= i + reach && words[other].Sentence == words[i].Sentence; other++)
        {
            if (words[other].Is(classes))
            {
                return true;
            }
        }

        return false;
    }
}
