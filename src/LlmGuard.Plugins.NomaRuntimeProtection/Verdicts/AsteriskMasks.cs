using System.Text;
using LlmGuard.Remote.Judging;
using LlmGuard.Remote.Texts;

namespace LlmGuard.Plugins.NomaRuntimeProtection.Verdicts;

/// <summary>
/// Finds the values that Noma replaced by asterisks. Every placing that is found gives exactly Noma's text; where there is none, Noma's text is
/// not this text with values replaced.
/// </summary>
internal static class AsteriskMasks
{
    private const byte Asterisk = (byte)'*';

    // One instance per length, so that a value masked in two overlapping windows is one edit.
    private static readonly Replacement?[] Shared = new Replacement?[257];

    /// <summary>Asks for the masks of a passage.</summary>
    /// <param name="passage">The passage as sent.</param>
    /// <param name="anonymized">Noma's text.</param>
    /// <param name="masks">Takes the masks.</param>
    /// <returns>How many values are masked; null when they cannot be located.</returns>
    public static int? Place(Passage passage, string anonymized, PassageMasks masks)
    {
        if (Locate(passage.Utf8.Span, Encoding.UTF8.GetBytes(anonymized)) is not { } spans)
        {
            return null;
        }

        foreach (var (span, length) in spans)
        {
            masks.Add(passage, span, Asterisks(length));
        }

        return spans.Count;
    }

    /// <summary>The spans and how many asterisks each becomes; null when there is no placing. Linear.</summary>
    /// <param name="original">The text.</param>
    /// <param name="anonymized">The text with values replaced.</param>
    internal static List<(TextSpan Span, int Length)>? Locate(ReadOnlySpan<byte> original, ReadOnlySpan<byte> anonymized)
    {
        var spans = new List<(TextSpan, int)>();
        var piece = PieceLength(anonymized);
        if (!original.StartsWith(anonymized[..piece]))
        {
            return null;
        }

        var position = piece;
        var rest = anonymized[piece..];
        while (!rest.IsEmpty)
        {
            var run = rest.IndexOfAnyExcept(Asterisk) is var other && other < 0 ? rest.Length : other;
            rest = rest[run..];
            piece = PieceLength(rest);
            var end = NextPiece(original, position, rest[..piece], isLast: piece == rest.Length);
            if (end < 0)
            {
                return null;
            }

            // Asterisks of the text itself stay what they are.
            var span = new TextSpan(position, end - position);
            if (span.Length != run || original.Slice(position, run).ContainsAnyExcept(Asterisk))
            {
                spans.Add((span, run));
            }

            position = end + piece;
            rest = rest[piece..];
        }

        return position == original.Length ? spans : null;
    }

    private static int PieceLength(ReadOnlySpan<byte> text) => text.IndexOf(Asterisk) is var at && at < 0 ? text.Length : at;

    // The leftmost place leaves the most room for what follows, so if there is any placing this one is part of one. A value is a byte at least.
    private static int NextPiece(ReadOnlySpan<byte> original, int position, ReadOnlySpan<byte> piece, bool isLast)
    {
        if (position >= original.Length)
        {
            return -1;
        }

        if (isLast)
        {
            var end = original.Length - piece.Length;
            return end > position && original.EndsWith(piece) ? end : -1;
        }

        var at = original[(position + 1)..].IndexOf(piece);
        return at < 0 ? -1 : position + 1 + at;
    }

    private static Replacement Asterisks(int length) =>
        length >= Shared.Length
            ? Make(length)
            : Shared[length] ?? Interlocked.CompareExchange(ref Shared[length], Make(length), null) ?? Shared[length]!;

    private static Replacement Make(int length) => Replacement.Literal(new string('*', length));
}
