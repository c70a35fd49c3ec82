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
            var ascii = rest.IndexOfAnyExceptInRange((byte)0, (byte)0x7F);
            ascii = ascii < 0 ? rest.Length : ascii;
            if (ascii > 0)
            {
                result.AppendAscii(rest[..ascii], offset);
                offset += ascii;
                continue;
            }

            Rune.DecodeFromUtf8(rest, out var rune, out var length);
            var folded = Rune.ToLowerInvariant(Rune.ToUpperInvariant(rune));
            result.AppendRune(folded, offset, length, folded == rune);
            offset += length;
        }
    }
}
