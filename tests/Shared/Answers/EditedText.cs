using System.Text;

namespace LlmGuard.Tests.Answers;

/// <summary>What a text is after the edits of a verdict.</summary>
internal static class EditedText
{
    public static string Of(string text, GuardrailVerdict verdict, int segment = 0)
    {
        var utf8 = Encoding.UTF8.GetBytes(text).ToList();
        foreach (var edit in verdict.Edits.Where(e => e.Segment == segment).OrderByDescending(e => e.Span.Start))
        {
            utf8.RemoveRange(edit.Span.Start, edit.Span.Length);
            utf8.InsertRange(edit.Span.Start, Encoding.UTF8.GetBytes(edit.Replacement.Value));
        }

        return Encoding.UTF8.GetString([.. utf8]);
    }
}
