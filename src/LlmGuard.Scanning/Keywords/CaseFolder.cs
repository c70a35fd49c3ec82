using System.Text;
using LlmGuard.Scanning.Folding;

namespace LlmGuard.Scanning.Keywords;

/// <summary>Folds nothing but case.</summary>
internal static class CaseFolder
{
    public static void Fold(ReadOnlySpan<byte> utf8, FoldedText result)
    {
        result.Reset(utf8.Length);
        var offset = 0;
        while (offset < utf8.Length)
        {
            var rest = utf8[offset..];
            if (result.AppendPlain(rest, offset) is > 0 and var plain)
            {
                offset += plain;
                continue;
            }

            Rune.DecodeFromUtf8(rest, out var rune, out var length);
            var folded = Rune.ToLowerInvariant(Rune.ToUpperInvariant(rune));
            result.AppendRune(folded, offset, length, folded == rune);
            offset += length;
        }
    }
}
