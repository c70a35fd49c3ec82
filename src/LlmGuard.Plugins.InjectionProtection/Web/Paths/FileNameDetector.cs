using System.Buffers;
using LlmGuard.Plugins.InjectionProtection.Rules;
using LlmGuard.Scanning;

namespace LlmGuard.Plugins.InjectionProtection.Web.Paths;

/// <summary>
/// Looks for names of files that are one thing to who checks them and another to who opens them: <c>x.php\0.jpg</c>, <c>x.asp;.jpg</c>.
/// </summary>
internal static class FileNameDetector
{
    private const int LongestExtension = 6;

    private static readonly SearchValues<byte> Cuts = SearchValues.Create("\0;%"u8);

    public static void Find(ReadOnlySpan<byte> text, HitList hits)
    {
        hits.Steps += text.Length;
        DoubleExtensions.Find(text, hits);
        for (var at = 0; at < text.Length && text[at..].IndexOfAny(Cuts) is >= 0 and var found; at++)
        {
            at += found;
            hits.Steps += 2 * LongestExtension;
            var rest = text[(at + 1)..];
            var isNothing = text[at] == 0 || (text[at] == '%' && rest.StartsWith("00"u8));

            // Before a null, which no name of a file holds, letters may be others than they seem.
            var name = text[Math.Max(0, at - ((isNothing ? 2 : 1) * LongestExtension))..at];
            var dot = name.LastIndexOf((byte)'.');
            rest = isNothing && text[at] == '%' ? rest[2..] : rest;
            if (dot >= 0 && IsExtension(name[(dot + 1)..], isNothing) && (isNothing ? rest.IsEmpty || rest[0] == '.' : text[at] == ';'
                && rest.Length > 3 && rest[0] == '.' && rest.Length <= LongestExtension && IsExtension(rest[1..], isAnyLetter: false)))
            {
                hits.Add(InjectionRules.FileDisguise, at - name.Length + dot, at + 1);
            }
        }
    }

    private static bool IsExtension(ReadOnlySpan<byte> name, bool isAnyLetter)
    {
        foreach (var b in name)
        {
            if (!AsciiByte.IsAlphanumeric(b) && !(isAnyLetter && b >= 0x80))
            {
                return false;
            }
        }

        return name.Length >= 2;
    }
}
