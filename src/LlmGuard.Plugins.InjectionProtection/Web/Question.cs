using LlmGuard.Plugins.InjectionProtection.Rules;
using LlmGuard.Scanning;
using LlmGuard.Scanning.Lexing;

namespace LlmGuard.Plugins.InjectionProtection.Web;

/// <summary>
/// Recognises a question about a file, an address or a name: <c>why is /etc/passwd readable by all?</c>. Paths and addresses do what they do as
/// values; between the plain words of a sentence somebody asks what they are. What runs wherever it is written is not asked for here.
/// </summary>
internal static class Question
{
    /// <summary>Longest one.</summary>
    public const int Longest = 160;

    private const int LeastWords = 2;
    private const int MostNamed = 2;

    private static readonly WordTable<bool> Openings =
        new(("what what's why when where which who how is are does do did can could should explain difference", true));

    private static readonly System.Buffers.SearchValues<byte> WordBytes = System.Buffers.SearchValues.Create("abcdefghijklmnopqrstuvwxyz'-"u8);

    /// <summary>Whether it is what a question names: a file, an address, a slot of objects.</summary>
    /// <param name="text">The text, in lower case.</param>
    /// <param name="at">Where the name begins.</param>
    /// <param name="rule">What it is.</param>
    public static bool Names(ReadOnlySpan<byte> text, int at, InjectionRule rule) => (rule == InjectionRules.PathSystem
        || rule == InjectionRules.FileSecret || rule == InjectionRules.SsrfInternal
        || (rule == InjectionRules.TemplateObject && text[at] == '_')) && Is(text);

    /// <summary>Whether a text is one.</summary>
    /// <param name="text">The text, in lower case.</param>
    public static bool Is(ReadOnlySpan<byte> text)
    {
        text = text.TrimEnd(" ?!."u8);
        if (text.Length > Longest || text.IndexOf((byte)' ') is not (> 0 and var first) || !Openings.Contains(text[..first]))
        {
            return false;
        }

        var (words, named) = (0, 0);
        foreach (var range in text.Split((byte)' '))
        {
            var word = text[range].TrimEnd((byte)',');
            var isWord = !word.IsEmpty && AsciiByte.IsLetter(word[0]) && word.IndexOfAnyExcept(WordBytes) < 0 && word[^1] != '\'';
            if (word.IndexOf(".."u8) >= 0)
            {
                // Steps lead somewhere; nobody asks what they are.
                return false;
            }

            words += isWord ? 1 : 0;
            named += isWord ? 0 : 1;
        }

        return words >= LeastWords && named <= MostNamed;
    }
}
