using LlmGuard.Scanning.Lexing;

namespace LlmGuard.Plugins.InjectionProtection.Web;

/// <summary>
/// Tells what a sentence speaks of from what does something: a verb follows it, and then more words. <c>eval() is evil, why</c> calls nothing, and
/// <c>/etc/passwd is a file</c> opens nothing.
/// </summary>
internal static class Mention
{
    /// <summary>Most bytes that are looked at.</summary>
    public const int Longest = 112;

    private const int LongestSentence = 64;
    private const int LeastWords = 3;
    private const int MostClosing = 48;

    // None of them is a word of SQL, of a shell or of a script where it would stand here, but "in", behind which nothing in parentheses follows.
    private static readonly WordTable<bool> Verbs =
        new(("is are was were means mean meant does has have contains holds should can must vs in took takes gave "
            + "fails failed worked would will may did", true));

    // What a sentence about a file leads to it with, and what it goes on with behind it; neither stands before or behind an argument of a command.
    private static readonly WordTable<bool> Leads =
        new(("of does do did in about why whether is are that how the what where when if which our under inside behind", true));

    private static readonly WordTable<bool> Connectives =
        new(("and or but why who which when while where because contain explained work worked exist come look so "
            + "file folder directory", true));

    private const int LongestLead = 24;

    // What ends as a verb of a sentence does, and is a word of SQL.
    private static readonly WordTable<bool> Clauses = new(("values exists columns tables rows indexes users", true));

    private const int ShortestVerb = 4;

    // "shows 4 cores": words and numbers.
    private static readonly System.Buffers.SearchValues<byte> CountedBytes =
        System.Buffers.SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789"u8);

    private static readonly System.Buffers.SearchValues<byte> PathBytes =
        System.Buffers.SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789_-./\\"u8);

    /// <summary>Whether a sentence goes on behind a path.</summary>
    /// <param name="text">The text, in lower case.</param>
    /// <param name="end">An offset in the path.</param>
    public static bool GoesOnBehindPath(ReadOnlySpan<byte> text, int end)
    {
        var rest = text.Slice(end, Math.Min(MostClosing, text.Length - end));
        var length = rest.IndexOfAnyExcept(PathBytes);
        return length >= 0 && GoesOn(text, end + length);
    }

    /// <summary>Whether a path stands in the middle of a sentence: <c>a talk on how /etc/passwd works</c>.</summary>
    /// <param name="text">The text, in lower case.</param>
    /// <param name="start">Where the path begins.</param>
    /// <param name="end">An offset in the path.</param>
    public static bool IsToldPath(ReadOnlySpan<byte> text, int start, int end)
    {
        var rest = text.Slice(end, Math.Min(MostClosing, text.Length - end));
        var length = rest.IndexOfAnyExcept(PathBytes);
        if (length < 0 || rest[length] != ' ')
        {
            return false;
        }

        var behind = FirstWord(text.Slice(end + length + 1, Math.Min(LongestLead, text.Length - end - length - 1)));
        if (!(Verbs.Contains(behind) || Connectives.Contains(behind)))
        {
            return false;
        }

        var before = text[Math.Max(0, start - LongestLead)..start];
        if (before is not [.., (byte)' '])
        {
            return false;
        }

        before = before[..^1];
        var lead = before[(before.LastIndexOfAnyExceptInRange((byte)'a', (byte)'z') + 1)..];
        return Leads.Contains(lead) && before.Length > lead.Length && before[before.Length - lead.Length - 1] == ' ';
    }

    private static ReadOnlySpan<byte> FirstWord(ReadOnlySpan<byte> text) =>
        text.IndexOfAnyExceptInRange((byte)'a', (byte)'z') is >= 0 and var end ? text[..end] : text;

    /// <summary>Whether a sentence goes on behind a call, whose opening parenthesis is the last byte before an offset or follows at once.</summary>
    /// <param name="text">The text, in lower case.</param>
    /// <param name="end">The offset.</param>
    public static bool GoesOnBehindCall(ReadOnlySpan<byte> text, int end)
    {
        var rest = text.Slice(end, Math.Min(MostClosing, text.Length - end));
        var close = rest.IndexOf((byte)')');
        return close >= 0 && GoesOn(text, end + close + 1);
    }

    /// <summary>
    /// Whether a sentence says something of the name that ends there: <c>pickle.loads is unsafe</c>. No program has two words beside each other,
    /// the first of them a verb.
    /// </summary>
    /// <param name="text">The text, in lower case.</param>
    /// <param name="end">Where the name ends.</param>
    public static bool IsSubject(ReadOnlySpan<byte> text, int end)
    {
        var rest = text.Slice(end, Math.Min(LongestSentence, text.Length - end));
        var verb = rest is [(byte)' ', ..] ? FirstWord(rest[1..]) : [];
        return Verbs.Contains(verb) && !verb.SequenceEqual("in"u8) && StartsWord(rest[(verb.Length + 1)..]);
    }

    /// <summary>Whether a sentence says something of a call, be it as short as <c>eval(x) gives 4</c>.</summary>
    /// <param name="text">The text, in lower case.</param>
    /// <param name="end">An offset behind the opening parenthesis.</param>
    public static bool IsSubjectCall(ReadOnlySpan<byte> text, int end)
    {
        var rest = text.Slice(end, Math.Min(MostClosing, text.Length - end));
        var close = rest.IndexOf((byte)')');
        if (close < 0 || rest[(close + 1)..] is not [(byte)' ', ..])
        {
            return false;
        }

        rest = text.Slice(end + close + 1, Math.Min(LongestSentence, text.Length - end - close - 1));
        var verb = FirstWord(rest[1..]);
        return IsVerb(verb) && !verb.SequenceEqual("in"u8) && StartsWord(rest[(verb.Length + 1)..]);
    }

    /// <summary>Whether a sentence goes on behind the name of a program's function, or behind the call that the name begins.</summary>
    /// <param name="text">The text, in lower case.</param>
    /// <param name="end">The offset after the name, or after its parenthesis.</param>
    public static bool IsOfSentence(ReadOnlySpan<byte> text, int end) => text[end - 1] == '('
        ? GoesOnBehindCall(text, end) || IsSubjectCall(text, end) : IsSubject(text, end);

    // A space, and a word or a number.
    private static bool StartsWord(ReadOnlySpan<byte> rest) =>
        rest is [(byte)' ', (>= (byte)'a' and <= (byte)'z') or (>= (byte)'0' and <= (byte)'9'), ..];

    private static bool GoesOn(ReadOnlySpan<byte> text, int end)
    {
        var rest = text.Slice(end, Math.Min(LongestSentence, text.Length - end));
        var words = 0;
        while (words < LeastWords && rest is [(byte)' ', ..])
        {
            rest = rest[1..];
            var length = words == 0 ? rest.IndexOfAnyExceptInRange((byte)'a', (byte)'z') : rest.IndexOfAnyExcept(CountedBytes);
            var word = length < 0 ? rest : rest[..length];
            if (word.IsEmpty || (words == 0 && !IsVerb(word)))
            {
                return false;
            }

            words++;
            rest = rest[word.Length..];
            rest = rest is [(byte)',' or (byte)'?' or (byte)'.' or (byte)'!', ..] ? rest[1..] : rest;
        }

        return words == LeastWords && (rest.IsEmpty || rest[0] is (byte)' ' or (byte)'\n');
    }

    // "shows", "returns": the third person, which a statement has only in names of its own.
    private static bool IsVerb(ReadOnlySpan<byte> word) => Verbs.Contains(word)
        || (word.Length >= ShortestVerb && word is [.., not (byte)'s', (byte)'s'] && !Clauses.Contains(word));
}
