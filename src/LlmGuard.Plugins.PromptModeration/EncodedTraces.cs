using System.Buffers;
using LlmGuard.Scanning.Folding;
using LlmGuard.Scanning.Views;

namespace LlmGuard.Plugins.PromptModeration;

/// <summary>
/// Tells texts in which another text may stand encoded: in escapes of URLs, HTML and JSON, in base64, in hexadecimal digits, in characters that
/// nobody sees.
/// </summary>
internal static class EncodedTraces
{
    private static readonly SearchValues<byte> Signs = SearchValues.Create("%&\\"u8);

    /// <summary>Whether a text may hold one. Without, it is enough to search it as it is.</summary>
    public static bool MayHold(ReadOnlySpan<byte> utf8)
    {
        // Nearly every text is plain throughout, which is seen at once.
        if (EscapeSigns.LengthOfPlain(utf8) < utf8.Length && (MayHoldEscape(utf8) || MayHide(utf8)))
        {
            return true;
        }

        for (var at = EncodedRuns.Find(utf8, 0); at < utf8.Length; at = EncodedRuns.Find(utf8, at))
        {
            var length = EncodedRuns.Length(utf8[at..]);
            if (length >= EncodedRuns.Shortest && (length > EncodedDigits.LongestJudged
                || EncodedDigits.MayBeText(utf8.Slice(at, length)) is { Base64: true } or { Hex: true }))
            {
                return true;
            }

            at += length;
        }

        return false;
    }

    private static bool MayHide(ReadOnlySpan<byte> utf8)
    {
        for (var count = 0; HiddenCharacters.IndexIn(utf8) is >= 0 and var skipped;)
        {
            var hides = HiddenCharacters.Read(utf8[skipped..], out var width) >= 0;
            count = !hides ? 0 : skipped == 0 ? count + 1 : 1;
            if (count >= EncodedText.Shortest)
            {
                return true;
            }

            utf8 = utf8[(skipped + width)..];
        }

        return false;
    }

    // Percentages, ampersands and backslashes are common in prose and code; one that escapes nothing is no reason to search the text again. In a text
    // that is not plain otherwise, what nobody sees or looks like something else may stand inside an escape, so that only the character behind the
    // sign tells, if it is plain.
    private static bool MayHoldEscape(ReadOnlySpan<byte> utf8)
    {
        var at = utf8.IndexOfAny(Signs);
        var isPlain = at < 0 || !utf8.ContainsAnyExcept(TextFolder.KeptAscii);
        while (at >= 0)
        {
            // What follows the sign may itself be written as an escape.
            utf8 = utf8[at..];
            if (isPlain ? utf8.Length > 1 && MayGoOn(utf8[0], utf8[1]) && new EscapeReader(utf8, isEnd: true).Read(0).IsEscape : MayGoOnUnseen(utf8))
            {
                return true;
            }

            at = utf8[1..].IndexOfAny(Signs) is >= 0 and var next ? next + 1 : -1;
        }

        return false;
    }

    // Whether what stands behind a sign may be, or hide, how an escape goes on.
    private static bool MayGoOnUnseen(ReadOnlySpan<byte> utf8) =>
        utf8.Length > 1 && (!PlainAscii.IsKept(utf8[1]) || MayGoOn(utf8[0], utf8[1]));

    private static bool MayGoOn(byte sign, byte next) => next is (byte)'%' or (byte)'&' or (byte)'\\' || sign switch
    {
        (byte)'%' => char.IsAsciiHexDigit((char)next),
        (byte)'&' => next == '#' || char.IsAsciiLetter((char)next),
        _ => next is (byte)'x' or (byte)'u' or (byte)'U' or (byte)'n' or (byte)'r' or (byte)'t',
    };
}
