using System.Globalization;
using System.Text;
using LlmGuard.Masking;

namespace LlmGuard.Execution.Edits;

/// <summary>Turns merged edits into text.</summary>
internal static class EditRendering
{
    /// <summary>What a union becomes when its strongest replacement shows parts of its own original, or it is too long for one made of it.</summary>
    private static readonly byte[] Masked = "[MASKED]"u8.ToArray();

    public static TextEdit[] Render(MergedEdit[] edits, GuardrailContent content, CallMasks masks)
    {
        var rendered = new TextEdit[edits.Length];
        for (var i = 0; i < edits.Length; i++)
        {
            ref readonly var edit = ref edits[i];
            var original = content.At(edit.Segment).Utf8.Span.Slice(edit.Span.Start, edit.Span.Length);
            rendered[i] = new TextEdit(edit.Segment, edit.Span, Render(edit, original, masks));
        }

        return rendered;
    }

    /// <summary>What one edit becomes, given the text it stands for.</summary>
    public static byte[] Render(in MergedEdit edit, ReadOnlySpan<byte> original, CallMasks masks)
    {
        var replacement = edit.Replacement;
        return replacement.Form switch
        {
            _ when edit.IsLong && !IsFixed(replacement) => Masked,
            ReplacementForm.Literal when edit.IsUnion && replacement.Strength == MaskStrength.Partial => Masked,
            ReplacementForm.Token => Encoding.UTF8.GetBytes(
                string.Create(CultureInfo.InvariantCulture, $"[{replacement.Value}_{masks.Numbers.For(replacement.Value, original)}]")),
            ReplacementForm.Rendered when !edit.IsUnion || replacement.Strength >= MaskStrength.Hash => Rendered(replacement, original, masks),
            ReplacementForm.Reversible => Encoding.UTF8.GetBytes(masks.Issue(replacement, original) ?? replacement.Value),
            ReplacementForm.Fill when !edit.IsUnion => Fill(replacement.Rune, original),
            _ => Encoding.UTF8.GetBytes(replacement.Value),
        };
    }

    /// <summary>Whether a union becomes a text that tells nothing of what it stands for, so that it is known before the union has ended.</summary>
    private static bool IsFixed(Replacement replacement) =>
        replacement.Strength == MaskStrength.Full && replacement.Form is (ReplacementForm.Literal or ReplacementForm.Fill);

    private static byte[] Rendered(Replacement replacement, ReadOnlySpan<byte> original, CallMasks masks)
    {
        try
        {
            var text = replacement.Renderer!(original, masks.Conversation);
            return Encoding.UTF8.GetBytes(Utf16Text.IsWellFormed(text) ? text : replacement.Value);
        }
        catch (Exception)
        {
            // A plugin's code. What it should have masked is masked all the same, with the text that tells nothing.
            return Encoding.UTF8.GetBytes(replacement.Value);
        }
    }

    private static byte[] Fill(Rune rune, ReadOnlySpan<byte> original)
    {
        var count = 0;
        foreach (var b in original)
        {
            count += (b & 0xC0) != 0x80 ? 1 : 0;
        }

        Span<byte> encoded = stackalloc byte[4];
        encoded = encoded[..rune.EncodeToUtf8(encoded)];
        var filled = new byte[count * encoded.Length];
        for (var i = 0; i < filled.Length; i += encoded.Length)
        {
            encoded.CopyTo(filled.AsSpan(i));
        }

        return filled;
    }
}
