using System.Text;
using LlmGuard.Scanning.Entities;
using LlmGuard.Scanning.Keywords;
using LlmGuard.Scanning.Patterns;

namespace LlmGuard.Scanning.Tests;

/// <summary>Short ways to scan in tests.</summary>
internal static class Scans
{
    public static ScanPlan Entities(params IEnumerable<string> ids) => Entities(ScanViews.None, ids);

    public static ScanPlan Entities(ScanViews views, params IEnumerable<string> ids) =>
        new([.. ids.Select(id => new ScanRule.Entity(EntityCatalog.Find(id)!))], views);

    public static ScanPlan Patterns(params IEnumerable<string> patterns) =>
        new([.. patterns.Select(p => new ScanRule.Pattern(PatternProgram.Compile(p)))], ScanViews.None);

    public static ScanPlan Keyword(string text, KeywordView view = KeywordView.Folded, int maxEdits = 0) =>
        new([new ScanRule.Keyword(new KeywordRule(text, view, maxEdits))], ScanViews.None);

    /// <summary>The texts that are found.</summary>
    public static string[] Find(ScanPlan plan, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        return [.. Spans(plan, bytes).Select(s => Encoding.UTF8.GetString(bytes, s.Start, s.Length))];
    }

    public static List<ScanSpan> Spans(ScanPlan plan, ReadOnlySpan<byte> text)
    {
        var spans = new List<ScanSpan>();
        plan.NewSession().Scan(text, spans);
        return spans;
    }

    /// <summary>The text with every span replaced by its mask; continuations disappear.</summary>
    public static string Mask(ScanPlan plan, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        return Encoding.UTF8.GetString(Apply(bytes, Spans(plan, bytes)));
    }

    public static byte[] Apply(ReadOnlySpan<byte> text, IEnumerable<ScanSpan> spans)
    {
        var output = new List<byte>();
        var at = 0;
        foreach (var span in spans)
        {
            output.AddRange(text[at..span.Start]);
            output.AddRange(span.IsTail ? [] : Encoding.ASCII.GetBytes($"[MASKED_{span.Rule}{(span.IsUnion ? "+" : "")}]"));
            at = span.Start + span.Length;
        }

        output.AddRange(text[at..]);
        return [.. output];
    }
}
