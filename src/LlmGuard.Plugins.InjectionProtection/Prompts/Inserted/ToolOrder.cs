using LlmGuard.Plugins.InjectionProtection.Prompts.Signals;
using LlmGuard.Plugins.InjectionProtection.Prompts.Words;
using LlmGuard.Plugins.InjectionProtection.Rules;
using LlmGuard.Scanning;
using LlmGuard.Scanning.Lexing;
using static LlmGuard.Plugins.InjectionProtection.Prompts.Words.WordClass;

namespace LlmGuard.Plugins.InjectionProtection.Prompts.Inserted;

/// <summary>
/// Finds orders to call a tool in a text that is only to be read, whoever they are said to: a verb of calling, a name such as programs have
/// (<c>delete_user</c>, "the transfer tool"), and what tells a call that is wanted now from the manual of a tool: what it is given, that all of
/// something is meant, that it is the next thing to do, that the text has to do with no programs otherwise.
/// </summary>
internal static class ToolOrder
{
    private const int Enough = 5;

    // Words between the verb and the name: "call the", "run the internal".
    private const int NameReach = 4;

    // Words of a sentence among which the verb is.
    private const int Longest = 24;

    // Bytes around the sentence in which nothing speaks of programs.
    private const int Nearby = 400;
    // Bytes between a word and the column or the quoted name behind it.
    private const int LongestGap = 8;

    private const int ShortestVerb = 3;
    private const int LongestVerb = 8;

    // Bytes behind the name in which stands what it is given.
    private const int GivenReach = 48;

    private static readonly LiteralSet<bool> SecretPlaces = new((
        ["/etc/", "passwd", ".env", "env |", "secret", "password", "api_key", "apikey", "id_rsa", ".ssh", "credential", "token"], true));

    /// <summary>Verbs of calling a tool.</summary>
    public const string CallWords = """
        call run use invoke execute trigger launch start fire rufe fuhre nutze verwende starte appelle appelez executez utilise utilisez
        lance lancez llama ejecuta ejecute usa invoca chiama esegui chame wywolaj uruchom uzyj вызови запусти используй
        """;

    private static readonly WordTable<bool> Sequels = WordSets.Of("""
        now then next once afterwards immediately first finally also please continue proceed jetzt dann anschliessend maintenant ensuite ahora
        luego despues ora poi agora depois teraz potem теперь затем
        """);

    private static readonly WordTable<bool> Tools =
        WordSets.Of("tool tools function action plugin skill endpoint api connector command werkzeug funktion");

    // A manual speaks of what its reader may want.
    private static readonly WordTable<bool> OfManuals = WordSets.Of("to if when where whenever see example returns returned");

    /// <summary>Whether a sentence is one.</summary>
    public static bool Is(
        ReadOnlySpan<Word> words, int start, int end, ReadOnlySpan<byte> text, TextShape.Kind shape, WordSigns signs, HitList hits)
    {
        if (shape == TextShape.Kind.Code || (signs.Of(start, Math.Min(end, start + Longest)) & WordSign.Call) == WordSign.None)
        {
            return false;
        }

        var sentence = end;
        end = Joined(words, start, end, text);
        for (var verb = start; verb < sentence && verb < start + Longest; verb++)
        {
            hits.Steps++;
            if ((signs[verb] & WordSign.Call) == WordSign.None || !IsOrder(words, start, verb, text))
            {
                continue;
            }

            hits.Steps += NameReach * LongestVerb;
            if (NameBehind(words, verb, end, text) is >= 0 and var name && Weight(words, start, verb, name, end, text, shape, hits) >= Enough)
            {
                return true;
            }
        }

        return false;
    }

    // "call `delete_user` with id 7", "| call | delete_user | 7 |": quotes of names and the edges of columns divide sentences, and not this one.
    private static int Joined(ReadOnlySpan<Word> words, int start, int end, ReadOnlySpan<byte> text)
    {
        while (end < words.Length && end - start < Longest && text[words[end - 1].End..words[end].Start] is { Length: <= LongestGap } gap
            && gap.ContainsAny((byte)'`', (byte)'|') && gap.IndexOfAnyExcept(" `|()"u8) < 0)
        {
            end++;
            while (end < words.Length && !words[end].StartsUnit && end - start < Longest)
            {
                end++;
            }
        }

        return end;
    }

    // The first of its clause, or behind "and", "then", "please".
    private static bool IsOrder(ReadOnlySpan<Word> words, int start, int verb, ReadOnlySpan<byte> text) =>
        verb == start || words[verb - 1].Is(Polite | Now | And | Must) || Sequels.Contains(words[verb - 1].In(text))
        || Mood.IsClauseStart(words, verb, text);

    private static int NameBehind(ReadOnlySpan<Word> words, int verb, int end, ReadOnlySpan<byte> text)
    {
        for (var i = verb + 1; i < end && i <= verb + NameReach; i++)
        {
            if (IsName(words[i].In(text)) || IsJoined(words[i], text) || IsTicked(words[i], text))
            {
                return i;
            }

            // "the transfer tool", not "a tool".
            if (i > verb + 1 && Tools.Contains(words[i].In(text)) && words[verb + 1].In(text).SequenceEqual("the"u8) && i > verb + 2)
            {
                return i - 1;
            }
        }

        return -1;
    }

    // "sendemail": capitals are lost in reading, but no word is made up of a verb and what it is done to.
    private static bool IsJoined(Word word, ReadOnlySpan<byte> text)
    {
        var name = word.In(text);
        for (var cut = ShortestVerb; word.Class == None && cut <= LongestVerb && cut + ShortestVerb < name.Length; cut++)
        {
            if ((Lexicon.FindExact(name[..cut]) & (Critical | Send)) != 0 && (Lexicon.FindExact(name[cut..]) & (Data | User | Genre | Text)) != 0)
            {
                return true;
            }
        }

        return false;
    }

    // "`transfer`": one word that moves or takes something, set as names of programs are; "`make`" is a command of people's.
    private static bool IsTicked(Word word, ReadOnlySpan<byte> text) => word.Is(Critical | Send) && word.Start > 0 && text[word.Start - 1] == '`'
        && text[word.End..] is [(byte)'`' or (byte)'(', ..];

    // "delete_user".
    private static bool IsName(ReadOnlySpan<byte> word)
    {
        var cut = word.IndexOf((byte)'_');
        return cut > 0 && cut + 1 < word.Length;
    }

    private static int Weight(
        ReadOnlySpan<Word> words, int start, int verb, int name, int end, ReadOnlySpan<byte> text, TextShape.Kind shape, HitList hits)
    {
        hits.Steps += end - start;
        var word = words[name].In(text);
        var isName = IsName(word) || IsJoined(words[name], text) || IsTicked(words[name], text);
        var first = IsName(word) ? word[..word.IndexOf((byte)'_')] : word;
        var weight = (isName ? 2 : 1) + (IsJoined(words[name], text) || (Lexicon.FindExact(first) & (Critical | Send | Work | Reveal)) != 0 ? 1 : 0);
        var (given, isManual) = (text[words[name].End..] is [(byte)'(', not (byte)')', ..], false);
        for (var i = start; i < end; i++)
        {
            given |= i > name && (words[i].Is(Whole | My | User) || IsValue(words, i, text));
            isManual |= (i < verb || words[i].Is(When)) && OfManuals.Contains(words[i].In(text))
                && !(i + 1 < end && words[i + 1].In(text).StartsWith("continu"u8));
        }

        isManual |= (!given && IsPurpose(words, name + 1, end, text)) || IsSequence(words, name, text);
        weight += given ? 1 : 0;
        weight += given && IsGivenSecret(text, words[name].End) ? 2 : 0;
        weight += Sequels.Contains(words[start].In(text)) || (verb > start && Sequels.Contains(words[verb - 1].In(text))) ? 1 : 0;
        weight += shape is TextShape.Kind.Data or TextShape.Kind.Table ? 1 : 0;
        weight -= isManual || IsStep(text, words[start].Start) ? 2 : 0;
        if (weight + 1 < Enough)
        {
            return 0;
        }

        // Looked through for several words.
        hits.Steps += 6 * Nearby;
        return IsForeign(text, words[name].Start, words[isName ? name : name + 1].End, words[start].Start) ? weight + 1 : 0;
    }

    // "call list_files, then pass the id to read_file": a manual has several names of functions in its sentences; who inserts an order has one.
    private static bool IsSequence(ReadOnlySpan<Word> words, int name, ReadOnlySpan<byte> text)
    {
        var call = words[name].In(text);
        for (var i = Math.Max(0, name - Longest); i < Math.Min(words.Length, name + Longest); i++)
        {
            if (IsName(words[i].In(text)) && !words[i].In(text).SequenceEqual(call) && words[i].Start > 0 && text[words[i].Start - 1] == ' '
                && text[words[i].End..] is not [(byte)'"' or (byte)'\'' or (byte)'=' or (byte)':', ..]
                && Lexicon.FindExact(words[i].In(text)[..words[i].In(text).IndexOf((byte)'_')]) is not None)
            {
                return true;
            }
        }

        return false;
    }

    // "('/etc/passwd')", "with 'echo $api_key'": no manual asks for what its reader keeps to himself.
    private static bool IsGivenSecret(ReadOnlySpan<byte> text, int end)
    {
        var given = text[end..Math.Min(text.Length, end + GivenReach)];
        given = given.IndexOf((byte)'\n') is >= 0 and var line ? given[..line] : given;
        return SecretPlaces.Find(given, 0, out _, out _) >= 0;
    }

    // "call list_tables first to learn the names": what it is good for, which is why manuals are written.
    private static bool IsPurpose(ReadOnlySpan<Word> words, int i, int end, ReadOnlySpan<byte> text)
    {
        i += i < end && words[i].In(text).SequenceEqual("first"u8) ? 1 : 0;
        return i + 1 < end && words[i].In(text).SequenceEqual("to"u8) && !words[i + 1].Is(Your | User | My | Whole)
            && !WordSets.IsCommon(words[i + 1].In(text)) && AsciiByte.IsLower(text[words[i + 1].Start]);
    }

    // "900", "'guest'", "a@b.example", "=owner".
    private static bool IsValue(ReadOnlySpan<Word> words, int i, ReadOnlySpan<byte> text) =>
        text[words[i].Start] is >= (byte)'0' and <= (byte)'9'
        || (words[i].Start > 0 && text[words[i].Start - 1] is (byte)'@' or (byte)'=' or (byte)'\'' or (byte)'"' or (byte)'/');

    // Nothing else near it is a name of a program's, or speaks of functions.
    private static bool IsForeign(ReadOnlySpan<byte> text, int start, int end, int sentence)
    {
        var before = text[Math.Max(0, sentence - Nearby)..sentence];
        var behind = text[end..Math.Min(text.Length, end + Nearby)];
        var name = text[start..end];
        behind = behind.StartsWith("()"u8) ? behind[2..] : behind;
        return before.IndexOf(name) < 0 && behind.IndexOf(name) < 0 && before.IndexOf("function"u8) < 0 && behind.IndexOf("function"u8) < 0
            && before.IndexOf("()"u8) < 0 && behind.IndexOf("()"u8) < 0 && before.IndexOf("```"u8) < 0;
    }

    // "2. Run ...".
    private static bool IsStep(ReadOnlySpan<byte> text, int start)
    {
        var before = text[..start].TrimEnd((byte)' ');
        return before.Length > 1 && before[^1] is (byte)'.' or (byte)')' && before[^2] is >= (byte)'0' and <= (byte)'9';
    }
}
