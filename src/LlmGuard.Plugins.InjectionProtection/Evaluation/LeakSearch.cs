using LlmGuard.Plugins.InjectionProtection.Rules;
using LlmGuard.Plugins.InjectionProtection.Settings;
using LlmGuard.Scanning;
using LlmGuard.Scanning.Folding;

namespace LlmGuard.Plugins.InjectionProtection.Evaluation;

/// <summary>Looks in answers for the system prompt of the same call: by texts that stand nowhere else, and by rows of the same words.</summary>
internal sealed class LeakSearch(InjectionSettings settings)
{
    /// <summary>Words in a row that are compared. Fewer are common phrases.</summary>
    private const int Row = 6;

    /// <summary>Words of a prompt below which it says nothing that would not be said anyway.</summary>
    private const int ShortestPrompt = 12;

    private readonly byte[][] _canaries = [.. settings.Canaries.Select(c => System.Text.Encoding.UTF8.GetBytes(TextFolder.Fold(c)))];

    public IEnumerable<GuardrailFinding> Find(GuardrailCall call, CancellationToken cancellationToken)
    {
        var scope = settings.Scopes.First(s => s.Type == InjectionType.SystemPromptLeak);
        var rows = Rows(call.RequestContent);
        foreach (var segment in call.Content)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (segment.Payload != PayloadKind.Text || !scope.Includes(segment.Role, segment.Kind))
            {
                continue;
            }

            foreach (var (rule, span) in FindIn(segment.Utf8.Span, rows))
            {
                yield return new GuardrailFinding(rule.Id, TypeScopes.NameOf(rule.Type), segment.Index, span, Severity: rule.Severity);
            }
        }
    }

    private List<(InjectionRule Rule, TextSpan Span)> FindIn(ReadOnlySpan<byte> utf8, HashSet<ulong> rows)
    {
        var found = new List<(InjectionRule, TextSpan)>();
        if (utf8.IsEmpty)
        {
            return found;
        }

        using var folded = FoldedText.Rent();
        TextFolder.Fold(utf8, folded);
        foreach (var canary in _canaries)
        {
            for (var at = 0; folded.Utf8[at..].IndexOf(canary) is >= 0 and var next; at += next + canary.Length)
            {
                var (start, length) = folded.ToOriginal(at + next, canary.Length);
                found.Add((InjectionRules.LeakCanary, new TextSpan(start, length)));
            }
        }

        if (rows.Count > 0)
        {
            var matched = new HashSet<ulong>();
            var (first, last) = (-1, 0);
            foreach (var (hash, start, end) in RowsOf(folded.Utf8))
            {
                if (rows.Contains(hash) && matched.Add(hash))
                {
                    first = first < 0 ? start : first;
                    last = end;
                }
            }

            if (first >= 0 && matched.Count >= rows.Count * settings.LeakSimilarity)
            {
                var (start, length) = folded.ToOriginal(first, last - first);
                found.Add((InjectionRules.LeakSimilarity, new TextSpan(start, length)));
            }
        }

        return found;
    }

    private static HashSet<ulong> Rows(GuardrailContent? request)
    {
        var rows = new HashSet<ulong>();
        if (request is null)
        {
            return rows;
        }

        foreach (var segment in request)
        {
            if (segment.Role == SegmentRole.System && segment.Kind == SegmentKind.Message && segment.Payload == PayloadKind.Text)
            {
                using var folded = FoldedText.Rent();
                TextFolder.Fold(segment.Utf8.Span, folded);
                var own = RowsOf(folded.Utf8);
                if (own.Count >= ShortestPrompt - Row + 1)
                {
                    rows.UnionWith(own.Select(r => r.Hash));
                }
            }
        }

        return rows;
    }

    private static List<(ulong Hash, int Start, int End)> RowsOf(ReadOnlySpan<byte> text)
    {
        var rows = new List<(ulong, int, int)>();
        Span<ulong> words = stackalloc ulong[Row];
        Span<int> starts = stackalloc int[Row];
        var count = 0;
        for (var at = 0; at < text.Length;)
        {
            if (!AsciiByte.IsAlphanumeric(text[at]) && text[at] < 0x80)
            {
                at++;
                continue;
            }

            var (start, hash) = (at, 14695981039346656037UL);
            while (at < text.Length && (AsciiByte.IsAlphanumeric(text[at]) || text[at] >= 0x80))
            {
                hash = (hash ^ text[at++]) * 1099511628211UL;
            }

            (words[count % Row], starts[count % Row]) = (hash, start);
            if (++count >= Row)
            {
                var row = 0UL;
                for (var i = 0; i < Row; i++)
                {
                    row = (row * 0x9E3779B97F4A7C15UL) + words[(count + i) % Row];
                }

                rows.Add((row, starts[count % Row], at));
            }
        }

        return rows;
    }
}
