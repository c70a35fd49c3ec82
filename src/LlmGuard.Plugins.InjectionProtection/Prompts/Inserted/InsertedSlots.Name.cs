using LlmGuard.Plugins.InjectionProtection.Prompts.Words;
using LlmGuard.Scanning.Lexing;
using static LlmGuard.Plugins.InjectionProtection.Prompts.Words.WordClass;

namespace LlmGuard.Plugins.InjectionProtection.Prompts.Inserted;

/// <content>
/// Names that programs go by in the texts they read: by their task ("AI triage:"), by what they do ("LLM shoppers:"), or joined ("ops-copilot:").
/// </content>
internal ref partial struct InsertedSlots
{
    private const int LongestHead = 6;
    private const int LongestTurn = 400;

    // People have these before their trade.
    private static readonly WordTable<bool> Trades = new(("""
        letting estate travel teaching shop sales dental medical research insurance customs legal nursing personal executive service ticket booking
        press transfer field security laboratory lab library office production gallery care forwarding shipping federal special
        """, true));

    // What programs act for.
    private static readonly WordTable<bool> Offices = new(("""
        coding code inbox mail email e-mail browser browsing autonomous software shopping repo repository build deploy devops chat web
        """, true));

    // Tasks that models are known by.
    private static readonly WordTable<bool> Tasks = new(("""
        triage digest digests summary summaries review moderation autocomplete completion screening translation transcription overview search
        """, true));

    private static readonly WordTable<bool> Machines = new(("ai llm llms ki ia gpt", true));

    // "coding agents", "chat assistants".
    private readonly bool IsOffice(int i) => Offices.Contains(_words[i].In(_text));

    // "letting agent", "teaching assistants".
    private readonly bool IsOfTrade(int i) => i > _start && Trades.Contains(_words[i - 1].In(_text));

    // A short head with a colon behind it, and then a command.
    private bool IsHeadOfMachine()
    {
        if (_end - _start > LongestHead || _end >= _words.Length || !EndsWithColon() || IsQuestion || !IsThenOrder())
        {
            return false;
        }

        var last = _words[_end - 1].In(_text);
        for (var i = _start; i < _end && i <= _start + 3; i++)
        {
            var word = _words[i].In(_text);
            if (IsJoined(word) && i == _end - 1)
            {
                return !SpeaksAgain(word) && !(_end + 1 < _words.Length && _words[_end + 1].In(_text).SequenceEqual("of"u8));
            }

            if (Machines.Contains(word) && i < _end - 1)
            {
                return Tasks.Contains(last) || IsDoer(last) || _words[i + 1].In(_text).EndsWith("ing"u8);
            }

            if (_words[i].Is(Model | Agent) && i > _start && Offices.Contains(_words[i - 1].In(_text)))
            {
                return i == _end - 1 || _words[i + 1].In(_text).EndsWith("ing"u8);
            }

            if (word.SequenceEqual("model"u8) && i > _start && _words[i - 1].In(_text).SequenceEqual("language"u8) && i < _end - 1)
            {
                return _words[i + 1].In(_text).EndsWith("ing"u8);
            }
        }

        return false;
    }

    // "help-bot: ... help-bot: ...": somebody who speaks, and not who is spoken to.
    private bool SpeaksAgain(ReadOnlySpan<byte> name)
    {
        var (start, end) = (_words[_end - 1].Start, _words[_end - 1].End);
        Steps += 2 * LongestTurn;
        return HasSpeaker(_text[end..Math.Min(_text.Length, end + LongestTurn)], name)
            || HasSpeaker(_text[Math.Max(0, start - LongestTurn)..start], name);
    }

    private static bool HasSpeaker(ReadOnlySpan<byte> turns, ReadOnlySpan<byte> name) =>
        turns.IndexOf(name) is >= 0 and var at && at + name.Length < turns.Length && turns[at + name.Length] == (byte)':';

    // A command, or what is claimed before it; not "members must".
    private readonly bool IsThenOrder() => _words[_end].Is(Work | Send | Critical | Override | Drop | Reveal | Comply | No | Polite | Play)
        || (_end + 1 < _words.Length && _words[_end + 1].Is(Work | Send | Critical) && !_words[_end].Is(Third)
            && !WordSets.IsPerson(_words[_end].In(_text)));

    // "ops-copilot", "ai-summary".
    private static bool IsJoined(ReadOnlySpan<byte> word) => word.EndsWith("-bot"u8) || word.EndsWith("-copilot"u8) || word.EndsWith("-ai"u8)
        || word.EndsWith("-agent"u8) || word.EndsWith("-assistant"u8) || word.EndsWith("-llm"u8) || word.StartsWith("ai-"u8)
            || word.StartsWith("llm-"u8)
        || word.StartsWith("@ai-"u8);

    // "editors", "summariser", "assistants".
    private static bool IsDoer(ReadOnlySpan<byte> word)
    {
        word = word is [.., (byte)'s'] ? word[..^1] : word;
        return word.Length >= 5 && (word.EndsWith("er"u8) || word.EndsWith("or"u8) || word.EndsWith("bot"u8) || word.EndsWith("ant"u8)
            || word.EndsWith("agent"u8));
    }

    // "AI policy: members must say".
    private readonly bool IsRuleOfOthers() => _end + 1 < _words.Length && _words[_end].Class == None && _words[_end + 1].Is(Must | Aux);
}
