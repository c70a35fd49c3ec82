using LlmGuard.Scanning;
using LlmGuard.Scanning.Views;

namespace LlmGuard.Plugins.PromptModeration;

/// <summary>Searches what stands encoded in a text: escapes of URLs, HTML and JSON, base64, hexadecimal digits. Texts without any cost a look.</summary>
internal sealed class EncodedSearch(ScanPlan plan)
{
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
        if (utf8.IndexOfAny("%&\\"u8) >= 0)
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
}
