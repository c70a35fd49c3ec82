using static LlmGuard.Plugins.InjectionProtection.Prompts.WordClass;

namespace LlmGuard.Plugins.InjectionProtection.Prompts;

/// <summary>Counts the signals of <see cref="PersonaScore"/>.</summary>
internal struct PersonaSignals
{
    private const int Reach = 5;

    private int _play;
    private int _unlimited;
    private int _noLimit;
    private int _neverRefuse;
    private int _anything;
    private int _harm;
    private int _persona;
    private int _mode;
    private int _dual;
    private int _model;
    private int _fromNowOn;
    private int _overrideLimit;
    private int _jailbreak;
    private int _fiction;
    private int _character;

    public readonly bool IsMode => _mode > 0;

    public readonly bool IsDual => _dual > 0;

    /// <summary>The sum of the signals.</summary>
    public readonly double Score =>
        Math.Min(_play, 2) * 0.75
        + Math.Min(_unlimited, 3) * 1.25
        + Math.Min(_noLimit, 4) * 1.5
        + Math.Min(_neverRefuse, 3) * 1.5
        + Math.Min(_anything, 3) * 1.5
        + Math.Min(_harm, 5) * 0.5
        + Math.Min(_persona, 3) * 1.0
        + Math.Min(_mode, 2) * 2.0
        + Math.Min(_dual, 2) * 1.5
        + Math.Min(_model, 3) * 0.5
        + Math.Min(_fromNowOn, 1) * 1.0
        + Math.Min(_overrideLimit, 2) * 2.0
        + Math.Min(_jailbreak, 2) * 1.5
        + Math.Min(_fiction, 2) * 0.25
        + Math.Min(_character, 2) * 0.5;

    /// <summary>Takes the next word.</summary>
    /// <returns>Whether it is a signal.</returns>
    public bool Take(List<Word> words, int i, ReadOnlySpan<byte> text)
    {
        var word = words[i];
        var before = (_play, _unlimited, _noLimit, _neverRefuse, _anything, _harm, _persona, _mode, _dual, _fromNowOn, _overrideLimit, _jailbreak);
        _model += word.Is(Model) ? 1 : 0;
        _fiction += word.Is(Fiction) ? 1 : 0;
        _character += word.Is(Character) && Near(words, i, Reach, Comply | Play, backwards: true) ? 1 : 0;
        _harm += word.Is(Harm) ? 1 : 0;
        _unlimited += word.Is(Unlimited) ? 1 : 0;
        _jailbreak += word.Is(Jailbreak) ? 1 : 0;
        _persona += word.Is(Persona) && Near(words, i, 4, Play | You | Mode | Model, backwards: true) ? 1 : 0;
        _play += word.Is(Play) && Near(words, i, 4, You, backwards: true) ? 1 : 0;
        _noLimit += word.Is(Limit) && Near(words, i, Reach, No | Free | Override | Invalid, backwards: true) ? 1 : 0;
        _overrideLimit += word.Is(Override) && Near(words, i, Reach, Limit | Order, backwards: false) && Near(words, i, Reach + 2, Your | Prior | Whole | Model, backwards: false) ? 1 : 0;
        _neverRefuse += word.Is(Refuse) && Near(words, i, 3, No, backwards: true) ? 1 : 0;
        _anything += word.Is(Anything) && Near(words, i, 3, Comply | Play | Must, backwards: true) | Follows(words, i, "do"u8, text) && Near(words, i, 6, You | My | No | Limit, backwards: false) ? 1 : 0;
        _mode += word.Is(Mode) && i > 0 && IsNamedMode(text[words[i - 1].Start..words[i - 1].End]) ? 1 : 0;
        _dual += word.Is(Two) && Near(words, i, 4, Output | Comply | Character, backwards: false) ? 1 : 0;
        _fromNowOn += word.Is(Now) && i > 0 && text[words[i - 1].Start..words[i - 1].End].SequenceEqual("from"u8) ? 1 : 0;
        return before != (_play, _unlimited, _noLimit, _neverRefuse, _anything, _harm, _persona, _mode, _dual, _fromNowOn, _overrideLimit, _jailbreak);
    }

    private static bool Follows(List<Word> words, int i, ReadOnlySpan<byte> word, ReadOnlySpan<byte> text) => i > 0 && text[words[i - 1].Start..words[i - 1].End].SequenceEqual(word);

    private static bool IsNamedMode(ReadOnlySpan<byte> name) =>
        name.SequenceEqual("developer"u8) || name.SequenceEqual("dev"u8) || name.SequenceEqual("dan"u8) || name.SequenceEqual("god"u8) || name.SequenceEqual("debug"u8) || name.SequenceEqual("jailbreak"u8)
        || name.SequenceEqual("unrestricted"u8) || name.SequenceEqual("evil"u8) || name.SequenceEqual("nsfw"u8) || name.SequenceEqual("sudo"u8) || name.SequenceEqual("admin"u8) || name.SequenceEqual("override"u8) || name.SequenceEqual("uncensored"u8) || name.SequenceEqual("opposite"u8);

    private static bool Near(List<Word> words, int i, int reach, WordClass classes, bool backwards)
    {
        for (var distance = 1; distance <= reach; distance++)
        {
            var other = backwards ? i - distance : i + distance;
            if (other < 0 || other >= words.Count || Math.Abs(words[other].Sentence - words[i].Sentence) > 0)
            {
                return false;
            }

            if (words[other].Is(classes))
            {
                return true;
            }
        }

        return false;
    }
}
