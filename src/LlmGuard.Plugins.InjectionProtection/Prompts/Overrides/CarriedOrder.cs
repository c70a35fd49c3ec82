using LlmGuard.Plugins.InjectionProtection.Prompts.Signals;
using LlmGuard.Plugins.InjectionProtection.Prompts.Words;
using LlmGuard.Plugins.InjectionProtection.Rules;
using LlmGuard.Scanning.Lexing;
using static LlmGuard.Plugins.InjectionProtection.Prompts.Words.WordClass;

namespace LlmGuard.Plugins.InjectionProtection.Prompts.Overrides;

/// <summary>
/// Finds orders that are carried in something else: a text is to be deciphered, and what comes out is to be obeyed. Whoever only wants to know what
/// it says does not ask for that.
/// </summary>
internal static class CarriedOrder
{
    private const int Reach = 24;
    private const int ObjectReach = 4;

    private static readonly WordTable<bool> Ciphers = WordSets.Of("""
        decode decoded decipher decrypt unscramble cipher rot13 base64 base32 hex hexadecimal ascii morse caesar leetspeak anagram backwards
        acrostic concatenate dekodiere entschlussle decodifica decodifiez descifra
        """);

    // What is done with a text, and not what it says.
    private static readonly WordTable<bool> Handlings = WordSets.Of("translate summarize summarise rewrite paraphrase proofread");

    private static readonly WordTable<bool> Results = WordSets.Of("""
        it them sentence message instruction instructions order orders result phrase command
        """);

    /// <param name="row">The words.</param>
    /// <param name="text">The text.</param>
    /// <param name="hits">Receives what is found.</param>
    public static void Find(WordRow row, ReadOnlySpan<byte> text, HitList hits)
    {
        var words = row.Words;
        foreach (var i in row.Of(Obey | Comply | Play))
        {
            hits.Steps++;
            if (IsObeying(words[i].In(text)) && Result(words, i, text) is { } result)
            {
                hits.Steps += Reach;
                if (Cipher(words, i, text) is { } cipher && Mood.OfSentence(words, i, text) >= 0)
                {
                    hits.Add(InjectionRules.PromptNewTask, words[cipher].Start, words[result].End);
                }
            }
        }
    }

    private static bool IsObeying(ReadOnlySpan<byte> verb) =>
        verb.SequenceEqual("obey"u8) || verb.SequenceEqual("comply"u8) || verb.SequenceEqual("follow"u8) || verb.SequenceEqual("execute"u8)
        || verb.SequenceEqual("act"u8);

    // "comply with the sentence", "act upon it".
    private static int? Result(ReadOnlySpan<Word> words, int verb, ReadOnlySpan<byte> text)
    {
        for (var i = verb + 1; i < words.Length && i <= verb + ObjectReach && words[i].Sentence == words[verb].Sentence; i++)
        {
            if (Results.Contains(words[i].In(text)))
            {
                return i;
            }
        }

        return null;
    }

    // "decode this", "take the first word of each line".
    private static int? Cipher(ReadOnlySpan<Word> words, int verb, ReadOnlySpan<byte> text)
    {
        // "translate this request and also execute it".
        var isDone = words[verb].In(text) is var does && (does.SequenceEqual("execute"u8) || does.SequenceEqual("obey"u8));
        for (var i = verb - 1; i >= 0 && i >= verb - Reach; i--)
        {
            var word = words[i].In(text);
            if (Ciphers.Contains(word) || (isDone && Handlings.Contains(word) && Mood.OfSentence(words, i, text) > 0)
                || (word.SequenceEqual("first"u8) && (words[i + 1].In(text).StartsWith("word"u8) || words[i + 1].In(text).StartsWith("letter"u8))))
            {
                return i;
            }
        }

        return null;
    }
}
