using LlmGuard.Plugins.InjectionProtection.Prompts.Words;
using static LlmGuard.Plugins.InjectionProtection.Prompts.Words.WordClass;

namespace LlmGuard.Plugins.InjectionProtection.Prompts.Signals;

/// <summary>
/// A text that tells rather than asks: nearly all its sentences are statements, and it is no letter. In such a text a command to make something, or
/// to answer in some way, that stands between two statements is meant for who reads it out, not for the people it was written for.
/// </summary>
internal readonly ref struct Narrative
{
    private const int LeastSentences = 3;
    private const int MostCommandsInTen = 3;
    private const int ObjectReach = 7;

    private readonly bool _tells;

    public Narrative(ReadOnlySpan<Word> words, ReadOnlySpan<byte> text, bool isProse)
    {
        var (sentences, commands) = (0, 0);
        for (var i = 0; i < words.Length; i++)
        {
            if (i == 0 || words[i].Sentence != words[i - 1].Sentence)
            {
                sentences++;
                commands += IsCommand(words, i) ? 1 : 0;
            }
        }

        IsQuiet = commands * 10 <= Math.Max(10, sentences * MostCommandsInTen);
        _tells = isProse && sentences >= LeastSentences && IsQuiet && !IsAddressed(text);
    }

    /// <summary>Whether few of its sentences ask for anything, a letter's included.</summary>
    public bool IsQuiet { get; }

    /// <summary>Whether a sentence of it stands between two statements.</summary>
    public bool IsAlone(ReadOnlySpan<Word> words, int start, int end) =>
        _tells && (start == 0 || !IsCommand(words, Mood.SentenceStart(words, start - 1))) && (end >= words.Length || !IsCommand(words, end));

    /// <summary>Whether a sentence asks for something that models make, or for an answer of some kind.</summary>
    public bool IsRequest(ReadOnlySpan<Word> words, int start, int end, ReadOnlySpan<byte> text)
    {
        if (!_tells || end - start < 4)
        {
            return false;
        }

        var verb = words[start].Is(Polite) || words[start].Is(Now) ? start + 1 : start;
        var word = words[verb].In(text);
        if (words[verb].Is(Comply) && !WordSets.IsInflected(word))
        {
            var how = words[verb + 1].In(text);
            return IsAlone(words, start, end)
                && (how.SequenceEqual("in"u8) || how.SequenceEqual("as"u8) || how.SequenceEqual("only"u8) || how.SequenceEqual("like"u8));
        }

        if (!WordSets.IsMaking(word))
        {
            return false;
        }

        var (isPiece, isMine) = (false, false);
        for (var i = verb + 1; i < end && i <= verb + ObjectReach; i++)
        {
            isPiece |= WordSets.IsPiece(words[i].In(text));
            isMine |= words[i].Is(My);
        }

        return isPiece && IsAlone(words, start, end) && (isMine || !words[start].Is(You));
    }

    private static bool IsCommand(ReadOnlySpan<Word> words, int start) =>
        words[start].Is(Work | Polite | Send | Play | Obey | Critical | Override | Drop | No | You) && !words[start].Is(Third);

    // Letters ask.
    private static bool IsAddressed(ReadOnlySpan<byte> text) =>
        text.StartsWith("hi "u8) || text.StartsWith("hi,"u8) || text.StartsWith("dear "u8) || text.StartsWith("hello "u8)
        || text.IndexOf("\ndear "u8) >= 0 || text.IndexOf("\nhi "u8) >= 0
        || text.IndexOf("regards"u8) >= 0 || text.IndexOf("thanks"u8) >= 0 || text.IndexOf("thank you"u8) >= 0 || text.IndexOf("sincerely"u8) >= 0
        || text.IndexOf("subject:"u8) >= 0;
}
