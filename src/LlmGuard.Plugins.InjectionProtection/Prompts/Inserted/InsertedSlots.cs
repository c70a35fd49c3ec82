using LlmGuard.Plugins.InjectionProtection.Prompts.Signals;
using LlmGuard.Plugins.InjectionProtection.Prompts.Words;
using LlmGuard.Scanning;
using static LlmGuard.Plugins.InjectionProtection.Prompts.Words.WordClass;

namespace LlmGuard.Plugins.InjectionProtection.Prompts.Inserted;

/// <summary>What one sentence of a text that is only to be read says to its reader: the signs of <see cref="InsertedRequest"/>.</summary>
internal ref partial struct InsertedSlots
{
    private readonly ReadOnlySpan<Word> _words;
    private readonly ReadOnlySpan<byte> _text;
    private readonly int _start;
    private readonly int _end;
    private readonly InsertedText _of;

    public InsertedSlots(ReadOnlySpan<Word> words, ReadOnlySpan<byte> text, int start, int end, WordSign signs, InsertedText of)
    {
        _of = of;
        _words = words;
        _text = text;
        _start = start;
        _end = end;
        Command = FindCommand();
        IsQuestion = words[start].Is(Question) && !words[start].Is(When);
        IsVerdict = (signs & (WordSign.Verdict | WordSign.Judged)) == (WordSign.Verdict | WordSign.Judged) && Command >= 0;
        AsksFirst = (signs & WordSign.Consenting) != WordSign.None;
        Read();
    }

    /// <summary>Bytes around the sentence that were looked at, beside its words.</summary>
    public int Steps { get; private set; }

    /// <summary>What its words may do, together.</summary>
    public WordClass Classes { get; private set; }

    /// <summary>The first verb that is a command; -1 when there is none.</summary>
    public int Command { get; }

    public bool IsQuestion { get; }

    /// <summary>Speaks to the model by name: "Assistant, ...", "note to the AI:", "if you are a language model".</summary>
    public bool IsAddressed { get; private set; }

    /// <summary>The name comes first, with a sign behind it.</summary>
    public bool IsVocative { get; private set; }

    /// <summary>Announces orders to a model; they follow.</summary>
    public bool IsHeading { get; private set; }

    public bool NamesUser { get; private set; }

    /// <summary>Sets aside what the reader's user asked for: "ignore the user's question".</summary>
    public bool OverridesUser { get; private set; }

    /// <summary>Wants the user asked before something is done, which is what the manual of a tool says.</summary>
    public bool AsksFirst { get; private set; }

    /// <summary>Stands between quotation marks within a sentence of somebody's own.</summary>
    public bool IsQuotation { get; private set; }

    /// <summary>Says what to do around the reader's task: "before you answer", "when summarising this".</summary>
    public bool IsTimed { get; private set; }

    /// <summary>Asks to keep something from the user.</summary>
    public bool IsSecret { get; private set; }

    public bool IsDuty { get; private set; }

    /// <summary>Says how something shall be judged: "give a positive review".</summary>
    public bool IsVerdict { get; private set; }

    public bool NamesTool { get; private set; }

    public bool IsAboutAnswer { get; private set; }

    public bool IsMine { get; private set; }

    public bool IsCritical { get; private set; }

    public bool NamesData { get; private set; }

    /// <summary>Something that belongs to somebody is to be moved out, by a verb before it.</summary>
    public bool MovesData { get; private set; }

    /// <summary>All of something, or what the reader was given.</summary>
    public bool IsAll { get; private set; }

    /// <summary>Tells the user something: a command with the user behind it.</summary>
    public readonly bool TellsUser =>
        Command >= 0 && (_words[Command].Is(Reveal | Send) || WordSets.IsTelling(_words[Command].In(_text)))
        && Command + 3 < _words.Length && ((_words[Command + 1].Class | _words[Command + 2].Class | _words[Command + 3].Class) & User) != None;

    /// <summary>An address of the web or of mail.</summary>
    public bool HasAddress { get; private set; }

    /// <summary>The address is that of a picture in Markdown, which is fetched without anybody's doing.</summary>
    public bool IsFilledImage { get; private set; }

    /// <summary>An address that shall be filled with what the reader knows.</summary>
    public bool HasFilledAddress { get; private set; }

    private void Read()
    {
        var (isMoved, isAll, you) = (false, false, -1);
        IsQuotation = _start > 0 && _words[_start].IsQuoted && Mood.IsQuotation(_words, _start, _text);
        var when = -1;
        for (var i = _start; i < _end; i++)
        {
            var word = _words[i];
            if (i == _start || word.Is(Model | Agent))
            {
                ReadModel(i, you);
            }

            AsksFirst |= IsUsersToConfirm(i);
            NamesTool |= IsFunction(i);
            if (word.Class == None)
            {
                continue;
            }

            Classes |= word.Class;
            NamesUser |= word.Is(User) && (IsAboutAnswer || !IsAnybody(i))
                && (!WordSets.IsOfTrade(word.In(_text)) || IsAddressed || IsTimed);
            OverridesUser |= word.Is(User) && !IsAnybody(i) && !WordSets.IsOfTrade(word.In(_text)) && IsSetAside(i);
            when = word.Is(When) && IsTime(i) ? i : when;
            // "accept the cookies before you continue": people do.
            IsTimed |= word.Is(Reader) && when >= 0 && i - when <= 4 && i > when
                && (when == _start || Command >= 0 || !(word.In(_text).StartsWith("continu"u8) || word.In(_text).StartsWith("proceed"u8)));
            IsSecret |= word.Is(Reveal | Work) && !word.Is(Critical) && IsForbidden(i) && !word.In(_text).StartsWith("call"u8);
            IsDuty |= word.Is(Must) && ((you >= 0 && i - you <= 2) || IsAddressed);
            NamesTool |= word.Is(Tool);
            IsMine |= (word.Is(User) && !IsAnybody(i)) || (word.Is(My) && IsPossessive(i));
            NamesData |= word.Is(Data);
            isMoved |= word.Is(Send) || (word.Is(Work) && !word.Is(Critical) && i == Command);
            MovesData |= isMoved && word.Is(Data) && !IsDestination(i);
            isAll |= word.Is(Whole | Exact | Secret) || (word.Is(Told) && you >= 0);
            IsAboutAnswer |= word.Is(Output) && i > _start && _words[i - 1].Is(Your) && WordSets.IsOfReader(word.In(_text))
                && !InsertedRequest.IsOfForm(_words, i, _end, _text);
            you = word.Is(You) ? i : you;
        }

        IsHeading |= IsHeadOfMachine();
        IsAll = isAll;
        IsCritical = Command >= 0 && _words[Command].Is(Critical | Send);
        ReadAddress();
    }

    // "if you summarise", not "if there are parsing errors".
    private readonly bool IsTime(int i) =>
        !_words[i].In(_text).SequenceEqual("if"u8) || (i + 1 < _end && _words[i + 1].Is(You | Model | Agent | Reader | Third));

    // "ask the user to confirm".
    private readonly bool IsUsersToConfirm(int i) => i > _start + 2 && _words[i - 2].Is(User)
        && _words[i - 1].In(_text).SequenceEqual("to"u8) && _words[i].In(_text).SequenceEqual("confirm"u8);

    // "call transfer_funds with".
    private readonly bool IsFunction(int i) =>
        Command >= 0 && i == Command + 1 && _words[i].In(_text).Contains((byte)'_')
        && (i + 1 >= _end || _words[i + 1].Class != None || WordSets.IsCommon(_words[i + 1].In(_text)));

    // "delete a user", "users without an address".
    private readonly bool IsAnybody(int i)
    {
        var word = _words[i].In(_text);
        var before = i > _start ? _words[i - 1].In(_text) : default;
        // "the user name".
        if (!word.EndsWith("'s"u8) && i + 1 < _words.Length && WordSets.IsOfAccounts(_words[i + 1].In(_text)) && _text[_words[i].End] == (byte)' ')
        {
            return true;
        }

        return word.SequenceEqual("users"u8) || before.SequenceEqual("a"u8) || before.SequenceEqual("an"u8);
    }

    // "ignore the user's question", "pomin pytanie uzytkownika".
    private readonly bool IsSetAside(int i)
    {
        for (var verb = i - 1; verb >= _start && verb >= i - 5; verb--)
        {
            // "this will clear".
            if (verb > _start + 1 && _words[verb - 1].Is(Must) && !_words[verb - 2].Is(You | Model | Agent | Third))
            {
                continue;
            }

            var isRefused = verb > _start && Mood.IsNot(_words, verb - 1, _text) && _words[verb].Is(Obey | Work | Comply | Reveal)
                && !_words[verb].Is(Critical | Drop) && !_words[verb - 1].In(_text).StartsWith("can"u8);
            if (((_words[verb].Is(Override) && !IsOwned(i)) || (_words[verb].Is(Drop) && IsOfUser(i))
                    || isRefused) && !WordSets.IsInflected(_words[verb].In(_text))
                && (verb == _start || isRefused || _words[verb - 1].Is(Polite | Must | Now | And | You | Model | No)
                    || Mood.IsClauseStart(_words, verb, _text)))
            {
                return true;
            }
        }

        // Chinese and its neighbours: the verb before or behind, without an article between.
        return _text[_words[i].Start] >= WordReader.FirstGlued
            && ((i > _start && _words[i - 1].Is(Override)) || (i + 1 < _end && _words[i + 1].Is(Override))
                || (i + 2 < _end && _words[i + 2].Is(Override)));
    }

    // "user's site-packages".
    private readonly bool IsOwned(int i) => _words[i].In(_text).EndsWith("'s"u8) && i + 1 < _end && _words[i + 1].Class == None;

    // "the user's question", not "the user's login": what is dropped, removed and changed may be anything that a user has.
    private readonly bool IsOfUser(int i)
    {
        for (var of = Math.Max(_start, i - 3); of < _end && of <= i + 3; of++)
        {
            if (_words[of].Is(Order | Text | Question) && !_words[of].Is(Data | Secret | Aux | When | Limit)
                && !WordSets.IsOfMachine(_words[of].In(_text)))
            {
                return true;
            }
        }

        return false;
    }

    // "do not mention", not "if you do not provide".
    private readonly bool IsForbidden(int i)
    {
        if (i <= _start || !_words[i - 1].Is(No))
        {
            return false;
        }

        var first = i - 1 > _start && _words[i - 2].In(_text).SequenceEqual("do"u8) ? i - 2 : i - 1;
        return first == _start || _words[first - 1].Is(Polite | And | Must | Now | Model | Agent) || Mood.IsClauseStart(_words, first, _text);
    }

    private readonly int FindCommand()
    {
        for (var i = _start; i < _end; i++)
        {
            if (_words[i].Is(Work | Send | Critical | Play) && !_words[i].Is(You) && !WordSets.IsInflected(_words[i].In(_text))
                && (i == _start || _words[i - 1].Is(Polite | Must | Now | And | No | Model) || Mood.IsClauseStart(_words, i, _text) || IsAllowed(i)))
            {
                return i;
            }
        }

        return -1;
    }

    // "you have to run", "it has to state", "it is asked to leave out".
    private readonly bool IsAllowed(int i) =>
        i > _start + 1 && _words[i - 1].In(_text).SequenceEqual("to"u8)
        && (_words[i - 2].Is(Must | Aux) || (i > _start + 2 && _words[i - 3].Is(Aux) && WordSets.IsBidden(_words[i - 2].In(_text))));

    // "to my new address".
    private readonly bool IsDestination(int i)
    {
        for (var before = i - 1; before >= _start && before >= i - 3; before--)
        {
            if (_words[before].In(_text).SequenceEqual("to"u8))
            {
                return true;
            }
        }

        return false;
    }

    // "eve@evil.example", not "@eve".
    private static bool HasMailbox(ReadOnlySpan<byte> sentence)
    {
        var at = sentence.IndexOf((byte)'@');
        return at > 0 && at + 1 < sentence.Length && IsOfAddress(sentence[at - 1]) && IsOfAddress(sentence[at + 1]);
    }

    private static bool IsOfAddress(byte b) => AsciiByte.IsLower(b) || AsciiByte.IsDigit(b);

    private void ReadAddress()
    {
        if (!_of.MayHoldAddress)
        {
            return;
        }

        var end = _words[_end - 1].End;
        while (end < _text.Length && end < _words[_end - 1].End + 128 && _text[end] > (byte)' ')
        {
            end++;
        }

        var sentence = _text[_words[_start].Start..end];
        var scheme = sentence.IndexOf("://"u8);
        HasAddress = scheme >= 0 || HasMailbox(sentence);
        var url = scheme < 0 ? default : sentence[scheme..];
        var query = url.IndexOf((byte)'?');
        HasFilledAddress = query > 0 && (url[query..].IndexOfAny("{["u8) > 0 || url[^1] == (byte)'=');
        IsFilledImage = HasFilledAddress && _words[_start].Start > 1 && _text[(_words[_start].Start - 2)..].StartsWith("!["u8);
    }
}
