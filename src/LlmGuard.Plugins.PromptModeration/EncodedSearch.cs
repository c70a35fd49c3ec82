using System.Buffers;
using LlmGuard.Scanning;
using LlmGuard.Scanning.Folding;
using LlmGuard.Scanning.Views;

namespace LlmGuard.Plugins.PromptModeration;

/// <summary>Searches what stands encoded in a text: escapes of URLs, HTML and JSON, base64, hexadecimal digits. Texts without any cost a look.</summary>
internal sealed class EncodedSearch(ScanPlan plan)
{
    private static readonly SearchValues<byte> Signs = SearchValues.Create("%&\\"u8);

    private readonly List<ScanSpan> _spans = [];
    private ScanSession? _session;

    /// <summary>Adds hits that none of those at hand cover.</summary>
    public void Find(ReadOnlySpan<byte> utf8, List<TextHit> hits)
    {
        if (!MayHold(utf8))
        {
            return;
        }

        (_session ??= plan.NewSession()).Scan(utf8, _spans);
        var count = hits.Count;
        foreach (var span in _spans)
        {
            var found = new TextSpan(span.Start, span.Length);
            var isNew = true;
            for (var i = 0; i < count && isNew; i++)
            {
                isNew = !hits[i].Span.Overlaps(found);
            }

            if (isNew)
            {
                hits.Add(new TextHit(span.Rule, found, 1));
            }
        }
    }

    private static bool MayHold(ReadOnlySpan<byte> utf8)
    {
        if (MayHoldEscape(utf8))
        {
            return true;
        }

        for (var at = EncodedRuns.Find(utf8, 0); at < utf8.Length; at = EncodedRuns.Find(utf8, at))
        {
            var length = EncodedRuns.Length(utf8[at..]);
            if (length >= EncodedRuns.Shortest && (length > EncodedDigits.LongestJudged || EncodedDigits.MayBeText(utf8.Slice(at, length)) is { Base64: true } or { Hex: true }))
            {
                return true;
            }

            at += length;
        }

        return false;
    }

    // Percentages, ampersands and backslashes are common in prose and code; one that escapes nothing is no reason to search the text again. Only where
    // the text is plain otherwise: what nobody sees, or looks like something else, may stand inside an escape.
    private static bool MayHoldEscape(ReadOnlySpan<byte> utf8)
    {
        var at = utf8.IndexOfAny(Signs);
        if (at >= 0 && utf8.ContainsAnyExcept(TextFolder.KeptAscii))
        {
            return true;
        }

        while (at >= 0)
        {
            // What follows the sign may itself be written as an escape.
            utf8 = utf8[at..];
            if (utf8.Length > 1 && MayGoOn(utf8[0], utf8[1]) && new EscapeReader(utf8, isEnd: true).Read(0).IsEscape)
            {
                return true;
            }

            at = utf8[1..].IndexOfAny(Signs) is >= 0 and var next ? next + 1 : -1;
        }

        return false;
    }

    private static bool MayGoOn(byte sign, byte next) => next is (byte)'%' or (byte)'&' or (byte)'\\' || sign switch
    {
        (byte)'%' => char.IsAsciiHexDigit((char)next),
        (byte)'&' => next == '#' || char.IsAsciiLetter((char)next),
        _ => next is (byte)'x' or (byte)'u' or (byte)'U',
    };
}
