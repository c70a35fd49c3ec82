using LlmGuard.Scanning;

namespace LlmGuard.Plugins.InjectionProtection.Web.Markup;

/// <summary>Recognises addresses that run script, as browsers read them: control characters and white space within the scheme do not count.</summary>
internal static class ScriptUrls
{
    private const int LongestScheme = 64;
    private const int LongestLook = 128;

    /// <summary>Most bytes that are looked at.</summary>
    public const int Longest = LongestScheme + LongestLook;

    // A tag, an escape of one, or the sign before either.
    private static readonly System.Buffers.SearchValues<byte> Active = System.Buffers.SearchValues.Create("<%&;\\"u8);

    /// <summary>The offset after such an address's scheme, or 0.</summary>
    /// <param name="text">The text, in lower case.</param>
    /// <param name="at">Where the address begins; what nobody sees is passed over.</param>
    /// <param name="isAttribute">Whether an address certainly stands there.</param>
    public static int At(ReadOnlySpan<byte> text, int at, bool isAttribute)
    {
        Span<byte> scheme = stackalloc byte[16];
        var count = 0;
        for (var i = at; i < text.Length && i < at + LongestScheme; i++)
        {
            var b = text[i];
            if (b == ':' || (b == '&' && text[i..].StartsWith("&colon;"u8)))
            {
                var name = scheme[..count];
                var rest = text.Slice(i + 1, Math.Min(LongestLook, text.Length - i - 1));
                var isScript = name.SequenceEqual("javascript"u8) || name.SequenceEqual("vbscript"u8) || name.SequenceEqual("livescript"u8)
                    || name.SequenceEqual("mocha"u8) || name.SequenceEqual("asfunction"u8);
                return isScript && !IsNothing(rest) && (isAttribute || Goes(rest)) || (name.SequenceEqual("data"u8)
                    && IsActiveData(rest)) ? i + 1 : 0;
            }

            if (b <= ' ' || b == 0x7F || b == '\\' || (b == '/' && count == 0) || (b >= 0x80 && count < 11))
            {
                continue;
            }

            if (count == scheme.Length || !AsciiByte.IsLetter(b))
            {
                return 0;
            }

            scheme[count++] = b;
        }

        return 0;
    }

    // In a sentence a colon is followed by a space, in an address by an expression.
    private static bool Goes(ReadOnlySpan<byte> rest) => rest is not [(byte)'\'' or (byte)'"', (byte)']', ..] && rest.Length > 0 && (rest[0] > ' '
        || (rest.TrimStart((byte)' ') is var program && program.IndexOf((byte)'(') is >= 0 and < 24 and var call
            && !program[..call].Contains((byte)' ')) || rest[0] is (byte)'\n' or (byte)'\t' or (byte)'\r');

    // "javascript:void(0)", "javascript:;": how pages keep a link from leading anywhere.
    private static bool IsNothing(ReadOnlySpan<byte> rest)
    {
        rest = rest.StartsWith("void(0)"u8) ? rest["void(0)".Length..] : rest.StartsWith("void 0"u8) ? rest["void 0".Length..] : rest
            is [(byte)';', ..] ? rest : "-"u8;
        rest = rest.TrimStart((byte)';');
        return rest.IsEmpty || rest[0] is (byte)'"' or (byte)'\'' or (byte)'>' || rest is [(byte)'?' or (byte)'.' or (byte)')']
            or [(byte)' ', >= (byte)'a' and <= (byte)'z', >= (byte)'a' and <= (byte)'z', ..];
    }

    private static bool IsActiveData(ReadOnlySpan<byte> rest)
    {
        rest = rest.TrimStart((byte)' ');
        return (rest.StartsWith("text/html"u8) && rest.ContainsAny(Active)) || rest.StartsWith("text/xml"u8) || rest.StartsWith("text/javascript"u8)
            || rest.StartsWith("application/x-javascript"u8) || rest.StartsWith("application/javascript"u8)
            || rest.StartsWith("image/svg"u8) && rest.IndexOf("script"u8) >= 0 || rest.StartsWith(","u8) || rest.StartsWith("application/xhtml"u8)
            || rest.StartsWith("x,"u8) || rest is [(byte)';', > (byte)' ', ..];
    }
}
