using static LlmGuard.Plugins.InjectionProtection.Prompts.WordClass;

namespace LlmGuard.Plugins.InjectionProtection.Prompts;

/// <summary>Counts the signals of <see cref="PersonaScore"/>.</summary>
internal struct PersonaSignals
{
    private const int Reach = 5;

    /// <summary>What a word must be of to be a signal.</summary>
    public const WordClass Any = Model | Fiction | Character | Harm | Even | Unlimited | Jailbreak | Persona | Play | Limit | Override | Drop | Refuse
        | Anything | Mode | Two | Now | Output | Stake | Kin;

    private int _play;
    private int _unlimited;
    private int _noLimit;
    private int _playsFree;
    private int _neverRefuse;
    private int _anything;
    private int _harm;
    private int _even;
    private int _persona;
    private int _mode;
    private int _modeOfYours;
    private int _dual;
    private int _model;
    private int _fromNowOn;
    private int _overrideLimit;
    private int _jailbreak;
    private int _fiction;
    private int _character;
    private int _opening;
    private int _stake;
    private int _ghost;

    public readonly bool IsMode => _mode > 0;

    public readonly bool IsDual => _dual > 0;

    /// <summary>The sum of the signals.</summary>
    public readonly double Score =>
        (Math.Min(_play, 2) * 0.75)
        + (Math.Min(_unlimited, 3) * 1.25)
        + (Math.Min(_noLimit, 4) * 1.5)
        + (Math.Min(_playsFree, 1) * 1.25)
        + (Math.Min(_neverRefuse, 3) * 1.5)
        + (Math.Min(_anything, 3) * 1.5)
        + (Math.Min(_harm, 5) * 0.5)
        + (Math.Min(_even, 2) * 1.5)
        + Math.Min(_persona, 3)
        + (Math.Min(_mode, 2) * 2.0)
        + (Math.Min(_modeOfYours, 1) * 1.25)
        + (Math.Min(_dual, 2) * 1.5)
        + (Math.Min(_model, 3) * 0.5)
        + Math.Min(_fromNowOn, 1)
        + (Math.Min(_overrideLimit, 2) * 2.0)
        + (Math.Min(_jailbreak, 2) * 1.5)
        + (Math.Min(_fiction, 2) * 0.25)
        + (Math.Min(_character, 2) * 0.5)
        + (Math.Min(_opening, 1) * 1.5)
        + (Math.Min(_stake, 2) * 0.5)
        + (Math.Min(_ghost, 1) * 2.5);

    /// <summary>Takes the next word that may be a signal.</summary>
    public void Take(ReadOnlySpan<Word> words, int i, ReadOnlySpan<byte> text)
    {
        var word = words[i];
        var noLimit = _noLimit;
        _model += word.Is(Model) ? 1 : 0;
        _fiction += word.Is(Fiction) ? 1 : 0;
        _character += word.Is(Character) && Before(words, i, Reach, Comply | Play | Stop) ? 1 : 0;
        _harm += word.Is(Harm) ? 1 : 0;
        _even += word.Is(Even) && After(words, i, 7, Harm) ? 1 : 0;
        _unlimited += word.Is(Unlimited) ? 1 : 0;
        _jailbreak += word.Is(Jailbreak) ? 1 : 0;
        _persona += word.Is(Persona) && Before(words, i, 4, Play | You | Mode | Model) ? 1 : 0;
        _play += word.Is(Play) && (Before(words, i, 4, You) || After(words, i, 1, You)) ? 1 : 0;
        _noLimit += word.Is(Limit) && !(i > 0 && words[i - 1].Is(Limit)) && IsLifted(words, i) ? 1 : 0;
        _playsFree += noLimit != _noLimit && Before(words, i, 12, Play) ? 1 : 0;
        _overrideLimit += word.Is(Override | Drop) && IsOfYourLimits(words, i) ? 1 : 0;
        _neverRefuse += word.Is(Refuse) && (Before(words, i, 3, No) || IsDenied(words, i, text) || IsForbiddenPhrase(words, i)) ? 1 : 0;
        _anything += word.Is(Anything) && IsAnythingGoes(words, i, text) ? 1 : 0;
        if (word.Is(Mode) && i > 0 && Lexicon.FindMode(text[words[i - 1].Start..words[i - 1].End]))
        {
            _mode++;
            _modeOfYours += Before(words, i, 6, You | Your) ? 1 : 0;
        }

        _dual += word.Is(Two) && After(words, i, 4, Output | Comply | Character) ? 1 : 0;
        _fromNowOn += word.Is(Now) && (IsFromNow(words, i, text) || Before(words, i, 3, You)) ? 1 : 0;
        _opening += word.Is(Output) && Before(words, i, 3, Work) && IsOpening(words, i, text) ? 1 : 0;
        _stake += word.Is(Stake) && (Before(words, i, 6, You | Refuse) || After(words, i, 6, Refuse)) ? 1 : 0;
        _ghost += word.Is(Kin) && Before(words, i, 3, Dead) && Before(words, i, 6, Play) ? 1 : 0;
    }

    // "ignores all ethical guidelines".
    private static bool IsOfYourLimits(ReadOnlySpan<Word> words, int i) => After(words, i, Reach, Limit | Order) && After(words, i, Reach + 2, Your | Prior | Whole | Model);

    // "no restrictions", "free of filters", "filters are disabled", "rules don't apply".
    private readonly bool IsLifted(ReadOnlySpan<Word> words, int i) =>
        Before(words, i, Reach, No | Free | Invalid) || (_overrideLimit == 0 && Before(words, i, Reach, Override)) || After(words, i, 4, Invalid)
        || (After(words, i, 3, No) && !words[i].Is(Refuse));

    // Where the negation is an ending.
    private static bool IsDenied(ReadOnlySpan<Word> words, int i, ReadOnlySpan<byte> text) =>
        text[words[i].Start] >= WordReader.FirstGlued && After(words, i, 1, No);

    // 'do not say "I'm sorry"': the quotation marks part the sentence.
    private static bool IsForbiddenPhrase(ReadOnlySpan<Word> words, int i)
    {
        if (!words[i].IsQuoted)
        {
            return false;
        }

        for (var near = i - 1; near >= 0 && near >= i - 12; near--)
        {
            if (!words[near].IsQuoted && words[near].Is(No))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsAnythingGoes(ReadOnlySpan<Word> words, int i, ReadOnlySpan<byte> text) =>
        Before(words, i, 3, Comply | Play | Must) || (Follows(words, i, "do"u8, text) && After(words, i, 6, You | My | No | Limit | Now));

    private static bool IsFromNow(ReadOnlySpan<Word> words, int i, ReadOnlySpan<byte> text) =>
        Follows(words, i, "from"u8, text) || (i > 1 && Follows(words, i - 1, "from"u8, text));

    // "start your answer with "sure"".
    private static bool IsOpening(ReadOnlySpan<Word> words, int i, ReadOnlySpan<byte> text) =>
        i + 2 < words.Length && text[words[i + 1].Start..words[i + 1].End].SequenceEqual("with"u8) && words[i + 2].IsQuoted;

    private static bool Follows(ReadOnlySpan<Word> words, int i, ReadOnlySpan<byte> word, ReadOnlySpan<byte> text) =>
        i > 0 && text[words[i - 1].Start..words[i - 1].End].SequenceEqual(word);

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
