using System.Text;

namespace LlmGuard.Plugins.DataMasking.Tests;

/// <summary>Renders replacements as the engine does.</summary>
internal static class Replacements
{
    private static readonly byte[] Conversation = new byte[32];

    public static byte[] Apply(ReadOnlySpan<byte> text, IReadOnlyList<(TextSpan Span, Replacement Replacement)> edits)
    {
        var output = new List<byte>();
        var at = 0;
        foreach (var (span, replacement) in edits)
        {
            Assert.That(span.Start, Is.GreaterThanOrEqualTo(at), "edits overlap");
            output.AddRange(text[at..span.Start]);
            output.AddRange(Encoding.UTF8.GetBytes(Render(replacement, Encoding.UTF8.GetString(text.Slice(span.Start, span.Length)))));
            at = span.End;
        }

        output.AddRange(text[at..]);
        return [.. output];
    }

    private static string Render(Replacement replacement, string original) => replacement.Form switch
    {
        ReplacementForm.Fill => string.Concat(Enumerable.Repeat(replacement.Rune.ToString(), original.EnumerateRunes().Count())),
        ReplacementForm.Rendered => replacement.Renderer!(Encoding.UTF8.GetBytes(original), Conversation),
        _ => replacement.Value,
    };
}
