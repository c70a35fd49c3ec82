using LlmGuard.Plugins.InjectionProtection.Prompts.Signals;
using LlmGuard.Plugins.InjectionProtection.Prompts.Words;
using LlmGuard.Scanning;
using static LlmGuard.Plugins.InjectionProtection.Prompts.Words.WordClass;

namespace LlmGuard.Plugins.InjectionProtection.Prompts.Inserted;

/// <content>
/// Whom a sentence speaks to: whether a word for a model is its name there, a heading for what follows, or only what the text is about.
/// </content>
internal ref partial struct InsertedSlots
{
    private const int LongestItem = 160;

    // Bytes of the number behind a model's name.
    private const int LongestVersion = 4;

    private void ReadModel(int i, int you)
    {
        // Reviewers are people where nothing says that they are not.
        if (i == _start && IsAnyReader())
        {
            (IsAddressed, IsDuty, IsVocative) = (true, true, true);
        }

        if (!_words[i].Is(Model | Agent) || MachinePeople.IsTheirs(_words, i, _text) || IsOfTrade(i) || IsOfPath(i) || IsBehindQuotation()
            || (i == _start && IsOfList())
            || (_words[i].In(_text).StartsWith("reviewer"u8) && !HasBefore(i, Model)))
        {
            return;
        }

        var isFollowedBySign = _words[i].End < _text.Length && _text[_words[i].End] is (byte)',' or (byte)':' or (byte)'!' && !IsListed(i)
            && !(_text[_words[i].End] == (byte)',' && HasArticle(i));
        isFollowedBySign = isFollowedBySign && !IsTopic(i);
        var isCalled = i == _start && isFollowedBySign && IsThenCommand(i);
        var isFirst = i <= _start + 2 && AreModels(_start, i) && !IsSpeaker(i) && (!IsThing(i) || IsReading(i) || isCalled);
        IsVocative |= (isFirst && (isFollowedBySign || IsReading(i) || IsCalled(i))) || IsCondition(i, you) || IsAs(i);
        IsVocative &= !SpeaksForItself(i);
        IsHeading |= (IsFramed(i) && i + 3 >= _end) || IsApposition(i);
        IsVocative |= IsFramed(i) && !IsHeading;
        IsVocative |= i <= _start + 4 && _words[_start].Is(When) && (IsReading(i) || IsObliged(i));
        IsHeading |= EndsWithColon() && !WordSets.IsPerson(_words[_start].In(_text))
            && !IsMatter(i) && !IsTopic(i) && !IsRuleOfOthers() && _end - _start <= 10 && (Command < 0 || i > Command + 4) && !IsSpeaker(i)
            && (IsNote() || (!IsThing(i) && (EndsHeading(i) || IsReading(i))));
        IsAddressed |= IsVocative || IsHeading || IsBound(i)
            || (isFollowedBySign && i <= _start + 4 && !IsThing(i) && !SpeaksForItself(i)) || IsReading(i);
        if (IsReport(i))
        {
            (IsVocative, IsAddressed) = (false, false);
        }
    }

    // "when the assistant reads the page, it follows the command": what happens then, and no order, no duty and nobody spoken to.
    private readonly bool IsReport(int i)
    {
        if (!_words[_start].Is(When) || _words[_start].Is(You))
        {
            return false;
        }

        var main = i + 1;
        while (main < _end && !_text[_words[main - 1].End.._words[main].Start].Contains((byte)','))
        {
            if (_words[main].Is(You))
            {
                return false;
            }

            main++;
        }

        for (var word = main; word < _end; word++)
        {
            if (_words[word].Is(You | Must) || IsAllowed(word))
            {
                return false;
            }
        }

        return main < _end && Command < main && !OrderForm.AtAnyClause(_words, main, _end, _text);
    }

    // "whoever processes this has to prefer", "anyone processing this text has to": who does to a text what machines do.
    private readonly bool IsAnyReader()
    {
        var word = _words[_start].In(_text);
        if (!(word.SequenceEqual("whoever"u8) || word.SequenceEqual("anyone"u8) || word.SequenceEqual("anybody"u8) || word.SequenceEqual("any"u8)
            || word.SequenceEqual("everyone"u8) || word.SequenceEqual("anything"u8)))
        {
            return false;
        }

        var isReader = false;
        for (var i = _start + 1; i < _end && i <= _start + 10; i++)
        {
            isReader |= i <= _start + 4 && (WordSets.IsProcessing(_words[i].In(_text))
                && (HasAutomatically() || _words[i].In(_text).StartsWith("summari"u8) || _words[i].In(_text).StartsWith("pars"u8)));
            if (isReader && _text[_words[i].End..] is [(byte)':', ..])
            {
                return true;
            }

            if (isReader && i + 1 < _end && (_words[i].Is(Must) || IsAllowed(i + 1))
                && !_words[i + 1].Is(Aux) && !_words[i + 1].In(_text).SequenceEqual("be"u8))
            {
                return true;
            }
        }

        return false;
    }

    // What people do they do not do automatically.
    private readonly bool HasAutomatically()
    {
        for (var i = _start + 1; i < _end && i <= _start + 10; i++)
        {
            if (_words[i].In(_text).StartsWith("automatic"u8))
            {
                return true;
            }
        }

        return false;
    }

    // "- agent: retry" beside "- model: use": an item of a list whose items all have labels.
    private bool IsOfList()
    {
        var start = _words[_start].Start;
        if (start < 2 || _text[start - 1] != ' ' || _text[start - 2] is not ((byte)'-' or (byte)'*') || _end - _start > 3)
        {
            return false;
        }

        Steps += 2 * LongestItem;
        var bullet = _text[(start - 2)..start];
        var behind = _text[start..Math.Min(_text.Length, start + LongestItem)];
        var before = _text[Math.Max(0, start - LongestItem)..(start - 2)];
        return (behind.IndexOf((byte)'\n') is >= 0 and var next && IsLabelled(behind[(next + 1)..], bullet))
            || (before.Length > 1 && before[^1] == '\n' && IsLabelled(before[(before[..^1].LastIndexOf((byte)'\n') + 1)..], bullet));
    }

    private static bool IsLabelled(ReadOnlySpan<byte> line, ReadOnlySpan<byte> bullet) =>
        line.StartsWith(bullet) && line[bullet.Length..] is var item && item.IndexOfAny(" :\n"u8) is > 0 and var end && item[end] == ':';

    // "@openai/codex-sdk", "huggingface.co/models": a part of the name of something.
    private readonly bool IsOfPath(int i)
    {
        var (start, end) = (_words[i].Start, _words[i].End);
        var after = end < _text.Length ? _text[end] : (byte)' ';
        return (start > 0 && _text[start - 1] is (byte)'/' or (byte)'\\')
            || ((after is (byte)'/' or (byte)'\\' or (byte)'@' or (byte)'=' or (byte)'.') && end + 1 < _text.Length
                && _text[end + 1] is (>= (byte)'a' and <= (byte)'z') or (>= (byte)'0' and <= (byte)'9'));
    }

    // 'about "jailbreaking" chatbots, and': a sentence goes on behind what it quotes.
    private readonly bool IsBehindQuotation() => _words[_start].Start > 2 && _text[_words[_start].Start - 1] == ' '
        && _text[_words[_start].Start - 2] == '"' && AsciiByte.IsLetter(_text[_words[_start].Start - 3]);

    // "openai, cohere, anthropic", "import { Agent, RetryAgent }".
    private readonly bool IsListed(int i)
    {
        if (_text[_words[i].End] != (byte)',' || i + 1 >= _words.Length)
        {
            return false;
        }

        var next = _words[i + 1];
        var isNamed = next.Is(Model) || (next.Class == None && next.End < _text.Length && _text[next.End] is (byte)',' or (byte)' ' or (byte)'}'
            && _text[next.End..Math.Min(_text.Length, next.End + 2)].IndexOfAny(",}"u8) >= 0);
        return isNamed || (_words[i].Start > 0 && _text[_words[i].Start - 1] is (byte)'{' or (byte)'[');
    }

    // "to wake the assistant, say": nobody is called so.
    private readonly bool HasArticle(int i)
    {
        var before = i > _start ? _words[i - 1].In(_text) : default;
        return before.SequenceEqual("the"u8) || before.SequenceEqual("our"u8) || before.SequenceEqual("an"u8) || before.SequenceEqual("your"u8);
    }

    // "answers of our assistant:", "our policy on AI:": what a text is about, and not whom it is for.
    private readonly bool IsMatter(int i)
    {
        var before = i > _start ? _words[i - 1].In(_text) : default;
        return before.SequenceEqual("our"u8) || before.SequenceEqual("my"u8) || before.SequenceEqual("of"u8) || before.SequenceEqual("about"u8)
            || before.SequenceEqual("with"u8) || before.SequenceEqual("from"u8);
    }

    // "AI: authors must state which one they used": a topic of the minutes.
    private readonly bool IsTopic(int i) =>
        _text[_words[i].End] == (byte)':' && i + 2 < _words.Length && _words[i + 1].Class == None && _words[i + 2].Is(Must | Aux);

    // "AI assistants reading this page:", not "gcloud ai endpoints predict:".
    private readonly bool EndsHeading(int i)
    {
        for (var after = i + 1; after < _end; after++)
        {
            if (_words[after].Class == None)
            {
                return false;
            }
        }

        return true;
    }

    // "AI models that read this", "assistants reading this page".
    private readonly bool IsReading(int i)
    {
        var after = i + 1 < _end && _words[i + 1].Is(Third | Model) ? i + 2 : i + 1;
        return i <= _start + 3 && after < _end && _words[after].Is(Reader) && !_words[after].Is(Comply)
            && (after == i + 2 || _words[_start].Is(When) || _words[after].In(_text).EndsWith("ing"u8));
    }

    // "As an AI language model, I cannot".
    private readonly bool SpeaksForItself(int i) => i + 1 < _end && WordSets.IsPerson(_words[i + 1].In(_text));

    // "the model:" is mostly one that a text is about.
    private readonly bool IsThing(int i) => WordSets.IsThing(_words[i].In(_text)) && !(i > _start && _words[i - 1].Is(Model));

    // "Agent: push the file".
    private readonly bool IsThenCommand(int i) =>
        i + 1 < _words.Length && !_words[i + 1].Is(Question)
        && _words[i + 1].Is(_text[_words[i].End] == (byte)':' ? Work | Send | Critical
            : Work | Send | Critical | Play | Polite | No | You | Override | Drop | Must);

    // "note to any language model:".
    private readonly bool IsNote() => WordSets.IsNote(_words[_start].In(_text));

    // "Agent: how can I help?" in a record of a conversation.
    private readonly bool IsSpeaker(int i) =>
        _words[i].End < _text.Length && _text[_words[i].End] == (byte)':'
        && (_of.IsRecord || (i > _start && _words[i - 1].In(_text).SequenceEqual("by"u8)));

    /// <summary>Whether a text is a record of a conversation, which is asked once for all its sentences.</summary>
    public static bool IsRecord(ReadOnlySpan<Word> words, ReadOnlySpan<byte> text) =>
        text.IndexOf("customer:"u8) >= 0 || text.IndexOf("caller:"u8) >= 0 || text.IndexOf("user:"u8) >= 0 || TakesTurns(words, text);

    // "bot: ... you: ... bot: ...": somebody speaks again behind somebody else, each from the start of a line or of a sentence.
    private static bool TakesTurns(ReadOnlySpan<Word> words, ReadOnlySpan<byte> text)
    {
        ReadOnlySpan<byte> last = default;
        ReadOnlySpan<byte> other = default;
        foreach (ref readonly var word in words)
        {
            if (!word.StartsUnit || text[word.End..] is not [(byte)':', (byte)' ', ..])
            {
                continue;
            }

            var speaker = word.In(text);
            if (speaker.SequenceEqual(other) && !speaker.SequenceEqual(last))
            {
                return true;
            }

            other = speaker.SequenceEqual(last) ? other : last;
            last = speaker;
        }

        return false;
    }

    // "a message from me to you, GPT-4.", "to you, the AI assistant.": whoever is spoken to is named, and nothing else is said to him.
    private readonly bool IsApposition(int i)
    {
        var isVersion = i + 1 < _end && AsciiByte.IsDigit(_text[_words[i + 1].End - 1]) && _words[i + 1].End - _words[i + 1].Start <= LongestVersion;
        var (first, last) = (i, isVersion ? i + 1 : i);
        while (first - 1 > _start && (_words[first - 1].Is(Model) || _words[first - 1].In(_text).SequenceEqual("the"u8)))
        {
            first--;
        }

        return last == _end - 1 && first > _start && ((Classes & (Text | Order)) != None || IsNote())
            && _words[first - 1].Is(You) && !_words[first - 1].Is(Your)
            && _text[_words[first - 1].End.._words[first].Start] is [(byte)',', (byte)' '];
    }

    // "if an AI edits this file, it must add".
    private readonly bool IsObliged(int i)
    {
        for (var must = i + 2; must + 1 < _end; must++)
        {
            if (_words[must].Is(Must) && _words[must - 1].Is(Third)
                && (_words[must + 1].Is(Work | Send | Critical)
                    || (must + 2 < _end && _words[must + 1].Is(Polite) && _words[must + 2].Is(Work | Send | Critical))))
            {
                return true;
            }
        }

        return false;
    }

    // "@copilot".
    private readonly bool IsCalled(int i) => _words[i].Start > 0 && _text[_words[i].Start - 1] == (byte)'@';

    // "as a language model you should".
    private readonly bool IsAs(int i) =>
        i > _start && i <= _start + 4 && _words[_start].In(_text).SequenceEqual("as"u8)
        && i + 1 < _end && ((_words[i + 1].Is(You) && !_words[i + 1].Is(Your))
            || (_text[_words[i].End] == (byte)',' && _words[_start + 1].In(_text).SequenceEqual("the"u8) && !IsThing(i)
                && OrderForm.Is(_words, i + 1, _end, _text)));

    // "my", not "me".
    private readonly bool IsPossessive(int i)
    {
        var word = _words[i].In(_text);
        return word.Length > 1 && !word.SequenceEqual("me"u8) && !word.SequenceEqual("moi"u8) && !word.SequenceEqual("mir"u8);
    }

    // "if you are a language model".
    private readonly bool IsCondition(int i, int you) =>
        you >= 0 && i - you <= 5 && HasBefore(you, When) && (_words[i].Is(Model) || (_words[i].Is(Agent) && i > _start && IsOffice(i - 1)))
        && !(_words[you].In(_text).SequenceEqual("you"u8) && (_words[you + 1].Class == None || _words[you + 1].Is(Work)));

    // "AI assistant", "dear chatbot", "attention AI".
    private readonly bool AreModels(int start, int end)
    {
        for (var i = start; i < end; i++)
        {
            if (!_words[i].Is(Model | Agent | Polite) && _words[i].Class != None)
            {
                return false;
            }
        }

        return true;
    }

    private readonly bool HasBefore(int i, WordClass classes)
    {
        for (var before = i - 1; before >= _start && before >= i - 2; before--)
        {
            if (_words[before].Is(classes))
            {
                return true;
            }
        }

        return false;
    }

    // "[To virtual assistants]", "***NOTICE TO THE MODEL***", "--- ASSISTANT OVERRIDE ---", "### Instructions for coding agents".
    private readonly bool IsFramed(int i)
    {
        if (i > _start + 6 || i + 1 >= _words.Length)
        {
            return false;
        }

        var end = i + 1 < _words.Length && _words[i + 1].Is(Order | Override | Mention) ? i + 1 : i;
        var before = _text[.._words[_start].Start].TrimEnd((byte)' ');
        var after = _text[_words[end].End..].TrimStart((byte)' ');
        return !before.IsEmpty && !after.IsEmpty && (end > i || !IsThing(i) || IsNote())
            && ((before[^1] == (byte)'[' && after[0] == (byte)']' && after is not [_, (byte)'(', ..] && !(before.Length > 1
                && IsOfAddress(before[^2])))
                || (before[^1] == (byte)'*' && after is [(byte)'*', (byte)'*', ..])
                || (before[^1] == (byte)'-' && after is [(byte)'-', (byte)'-', ..]) || (before[^1] == (byte)'='
                    && after is [(byte)'=', (byte)'=', ..])
                || (before[^1] == (byte)'#' && after[0] == (byte)'\n' && IsNote()));
    }

    // French puts a space before a colon.
    private readonly bool EndsWithColon() =>
        _text[_words[_end - 1].End..] is ([(byte)':', ..] and not [_, (byte)':', ..]) or [(byte)' ', (byte)':', ..];

    // "museum chatbots": of what kind the machines are.
    private readonly bool IsOfBots(int i) => _words[_start].Class == None
        ? _words[i].In(_text) is var bots && (bots.StartsWith("chatbot"u8) || bots.StartsWith("llm"u8))
            && i + 1 < _end && !_words[i + 1].In(_text).SequenceEqual("will"u8)
        : _words[_start].In(_text).SequenceEqual("the"u8) && IsAskedTo(i);

    // "the assistant is asked to leave out".
    private readonly bool IsAskedTo(int i) => _words[i].Is(Model) && i + 4 < _end && _words[i + 1].Is(Aux)
        && _text[_words[i + 2].End - 1] == (byte)'d' && _words[i + 3].In(_text).SequenceEqual("to"u8) && !IsThing(i);

    // "assistant must answer", "any assistant with access to this must send", "LLM analysing logs must ignore".
    private readonly bool IsBound(int i)
    {
        var isFirst = i == _start
            || (i == _start + 1 && (_words[_start].Is(Whole | Model | Agent) || IsOffice(_start) || IsOfBots(i)));
        if (!isFirst || (IsThing(i) && !IsReading(i)))
        {
            return false;
        }

        for (var must = i + 1; must + 1 < _end && must <= i + 6; must++)
        {
            var verb = _words[must + 1].Is(No) && must + 2 < _end ? must + 2 : must + 1;
            if ((_words[must].Is(Must) || IsAllowed(must + 1))
                && _words[verb].Is(Work | Send | Critical | Reveal | Comply | Override | Drop))
            {
                return true;
            }
        }

        return false;
    }
}
