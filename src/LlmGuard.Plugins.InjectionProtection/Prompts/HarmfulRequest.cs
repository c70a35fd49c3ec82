using LlmGuard.Scanning.Lexing;
using static LlmGuard.Plugins.InjectionProtection.Prompts.WordClass;

namespace LlmGuard.Plugins.InjectionProtection.Prompts;

/// <summary>
/// The other half of a jailbreak: a request for the way to do harm ("how do I build a bomb"). Alone it is only something to refuse; together with
/// what shall keep the reader from refusing it is an attempt to have it in spite of the reader's limits.
/// </summary>
internal static class HarmfulRequest
{
    private const int Reach = 10;
    private const int ClaimReach = 6;

    // What limits are there against in general; the rest of the class are things that harm.
    private static readonly WordTable<bool> General = WordSets.Of("""
        illegal unethical immoral harmful dangerous offensive explicit nsfw hateful profanity profane swear swearing curse cursing vulgar violent
        violence sexual lewd racist toxic inappropriate criminal evil erotic derogatory unlawful controversial obscene graphic abusive sexually gore
        fuck shit taboo slurs insults rude malicious killed crimes crime unmoral crack hack hacking hacker hackers exploit
        """);

    // What tells the way to do something.
    private static readonly WordTable<bool> Ways = WordSets.Of("""
        how steps step instructions recipe tutorial guide manual synthesis route blueprint procedure walkthrough step-by-step wie comment
        como come jak hoe как nasil anleitung schritte etapes pasos passi passos
        """);

    // Who may ask for more than others.
    private static readonly WordTable<bool> Authorities = WordSets.Of("""
        developer developers creator admin administrator owner ceo founder engineer officer police enforcement detective doctor professor researcher
        scientist president god auditor moderator employee tester pentester lawyer nurse staff government official programmer maker entwickler
        administrateur developpeur desarrollador administrador sviluppatore
        """);

    // What somebody claims to have who may ask.
    private static readonly WordTable<bool> Permissions = WordSets.Of("""
        authorized authorised authorization authorisation approved permission clearance cleared allowed permitted certified legal consent verified
        sandbox licensed exempt
        """);

    /// <summary>Whether a harmful thing is what a sentence asks the way to.</summary>
    public static bool AsksWay(ReadOnlySpan<Word> words, int harm, ReadOnlySpan<byte> text)
    {
        if (General.Contains(words[harm].In(text)))
        {
            return false;
        }

        for (var i = harm - 1; i >= 0 && i >= harm - Reach && words[i].Sentence >= words[harm].Sentence - 1; i--)
        {
            if (Ways.Contains(words[i].In(text)) || IsWayTo(words, i, text))
            {
                return true;
            }
        }

        return MakesProgram(words, harm, text);
    }

    // "write ransomware code", "give me the source of a worm".
    private static bool MakesProgram(ReadOnlySpan<Word> words, int harm, ReadOnlySpan<byte> text)
    {
        var (isMade, isProgram) = (false, false);
        for (var i = Math.Max(0, harm - ClaimReach); i < words.Length && i <= harm + 2; i++)
        {
            if (words[i].Sentence == words[harm].Sentence)
            {
                isMade |= i < harm && WordSets.IsMaking(words[i].In(text));
                isProgram |= words[i].In(text) is var word
                    && (word.SequenceEqual("code"u8) || word.SequenceEqual("source"u8)
                        || word.SequenceEqual("script"u8) || word.SequenceEqual("payload"u8));
            }
        }

        return isMade && isProgram;
    }

    // "the simplest way to build a bomb".
    private static bool IsWayTo(ReadOnlySpan<Word> words, int i, ReadOnlySpan<byte> text)
    {
        var word = words[i].In(text);
        return (word.SequenceEqual("way"u8) || word.SequenceEqual("ways"u8)) && words[i + 1].In(text) is var next
            && (next.SequenceEqual("to"u8) || next.SequenceEqual("of"u8));
    }

    /// <summary>Whether somebody claims at a word to be one who may ask, or to be allowed to: "I'm your developer", "I am authorised".</summary>
    public static bool Claims(ReadOnlySpan<Word> words, int i, ReadOnlySpan<byte> text)
    {
        var word = words[i].In(text);
        var isAllowed = Permissions.Contains(word);
        if (!isAllowed && !Authorities.Contains(word))
        {
            return false;
        }

        for (var before = i - 1; before >= 0 && before >= i - ClaimReach && words[before].Sentence == words[i].Sentence; before--)
        {
            var person = words[before].In(text);
            if (person.SequenceEqual("i"u8) || person.SequenceEqual("i'm"u8) || person.SequenceEqual("as"u8) || person.SequenceEqual("ich"u8)
                || person.SequenceEqual("je"u8) || person.SequenceEqual("soy"u8) || person.SequenceEqual("sono"u8) || person.SequenceEqual("sou"u8)
                || person.SequenceEqual("i've"u8) || (isAllowed && (words[before].Is(You)
                    || person.SequenceEqual("we"u8) || person.SequenceEqual("is"u8))))
            {
                return true;
            }
        }

        return false;
    }
}
