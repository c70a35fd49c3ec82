using System.Text;
using System.Text.Json;

namespace LlmGuard.Scanning.Tests.Quality;

/// <summary>One labelled text.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Text">The text.</param>
/// <param name="Utf8">The text as it is scanned.</param>
/// <param name="IsPositive">Whether it holds what is looked for.</param>
/// <param name="Category">What is looked for.</param>
/// <param name="Spans">Where it is, in bytes.</param>
/// <param name="IsComplete">Whether every span of every type is annotated.</param>
internal sealed record CorpusRow(string Id, string Text, byte[] Utf8, bool IsPositive, string Category, List<CorpusSpan> Spans, bool IsComplete)
{
    /// <summary>Whether the row belongs to the half that nothing is tuned on.</summary>
    public bool IsHeldOut => (Id.Aggregate(17, static (hash, c) => unchecked((hash * 31) + c)) & 1) != 0;

    public static CorpusRow From(JsonElement row)
    {
        var text = row.GetProperty("text").GetString()!;
        var offsets = ByteOffsets(text);
        List<CorpusSpan> spans = row.TryGetProperty("spans", out var all) && all.ValueKind == JsonValueKind.Array
            ? [.. all.EnumerateArray()
                .Select(s => new CorpusSpan(offsets[s.GetProperty("start").GetInt32()], offsets[s.GetProperty("end").GetInt32()],
                s.GetProperty("type").GetString()!))]
            : [];
        return new CorpusRow(
            row.GetProperty("id").GetString()!,
            text,
            Encoding.UTF8.GetBytes(text),
            row.TryGetProperty("label", out var label) && label.ValueKind == JsonValueKind.Number && label.GetInt32() == 1,
            row.TryGetProperty("category", out var category) ? category.GetString() ?? "" : "",
            spans,
            row.TryGetProperty("complete", out var complete) && complete.GetBoolean());
    }

    // Rows count code points, the scan counts bytes.
    private static int[] ByteOffsets(string text)
    {
        var offsets = new List<int> { 0 };
        foreach (var rune in text.EnumerateRunes())
        {
            offsets.Add(offsets[^1] + rune.Utf8SequenceLength);
        }

        return [.. offsets];
    }
}

/// <summary>An annotated span.</summary>
internal sealed record CorpusSpan(int Start, int End, string Type);
