using LlmGuard.Plugins.CodeSanitation.Rules;
using LlmGuard.Scanning.Lexing.Code;

namespace LlmGuard.Plugins.CodeSanitation.Reading;

/// <summary>
/// Parameters that a framework fills with what a caller sent, as an annotation before them says: <c>@RequestParam("f") String file</c>. Numbers,
/// dates and the like are parsed on the way, and carry nothing.
/// </summary>
internal static class ParameterSources
{
    private const int MostTokens = 16;

    /// <summary>The annotations, by name.</summary>
    public static readonly string[] Annotations =
    [
        "RequestParam", "RequestHeader", "PathVariable", "RequestBody", "CookieValue", "QueryParam", "PathParam", "HeaderParam", "FormParam",
        "FromQuery", "FromRoute", "FromBody", "FromHeader", "FromForm",
    ];

    private static readonly NameSet Names = new(Annotations, StringComparer.Ordinal);

    private static readonly NameSet Texts = new(["String", "string", "byte", "CharSequence", "MultipartFile", "Map", "InputStream", "Object"],
        StringComparer.Ordinal);

    /// <summary>The token that names such a parameter when an annotation stands at a name, or -1.</summary>
    public static int Read(ReadOnlySpan<byte> text, List<CodeToken> tokens, int at)
    {
        var isJava = Statements.IsSymbol(text, tokens, at - 1, '@');
        if ((!isJava && !Statements.IsSymbol(text, tokens, at - 1, '[')) || !Names.Contains(text[tokens[at].Start..tokens[at].End]))
        {
            return -1;
        }

        var end = Math.Min(tokens.Count, at + MostTokens);
        var i = at + 1;
        if (Statements.IsSymbol(text, tokens, i, '('))
        {
            while (i < end && !Statements.IsSymbol(text, tokens, i, ')'))
            {
                i++;
            }

            i++;
        }

        i += isJava ? 0 : 1;
        i += i < end && text[tokens[i].Start..tokens[i].End].SequenceEqual("final"u8) ? 1 : 0;
        if (i >= end || tokens[i].Kind != CodeTokenKind.Name || !Texts.Contains(text[tokens[i].Start..tokens[i].End]))
        {
            return -1;
        }

        for (i++; i + 1 < end; i++)
        {
            if (tokens[i].Kind == CodeTokenKind.Name
                && (Statements.IsSymbol(text, tokens, i + 1, ',') || Statements.IsSymbol(text, tokens, i + 1, ')'))
                && !Statements.IsSymbol(text, tokens, i - 1, '<')
                && !Statements.IsSymbol(text, tokens, i - 1, ','))
            {
                return i;
            }
        }

        return -1;
    }
}
