using System.Text;
using System.Text.Json;

namespace LlmGuard.FakeClouds.Bedrock;

/// <summary>The body of <c>ApplyGuardrail</c>, by hand from its interface description.</summary>
/// <param name="Source"><c>INPUT</c> or <c>OUTPUT</c>.</param>
/// <param name="Texts">The text blocks.</param>
/// <param name="Images">The bytes of the image blocks, as Latin-1.</param>
/// <param name="IsFull">Whether what was not found is listed too.</param>
internal sealed record ApplyGuardrailRequest(string Source, IReadOnlyList<GuardedText> Texts, IReadOnlyList<string> Images, bool IsFull)
{
    /// <summary>Reads a body.</summary>
    /// <exception cref="ModelException">It does not fit.</exception>
    public static ApplyGuardrailRequest Read(JsonElement body)
    {
        body.WithMembers("body", ["source", "content"], "outputScope");
        var source = body.GetProperty("source").Word("source", "INPUT", "OUTPUT");
        var isFull = body.TryGetProperty("outputScope", out var scope) && scope.Word("outputScope", "INTERVENTIONS", "FULL") == "FULL";
        var texts = new List<GuardedText>();
        var images = new List<string>();
        foreach (var block in body.GetProperty("content").NonEmptyItems("content"))
        {
            block.WithMembers("content[]", [], "text", "image");
            if (block.EnumerateObject().Count() != 1)
            {
                throw new ModelException("content[] is not exactly one member of a union");
            }

            if (block.TryGetProperty("text", out var text))
            {
                texts.Add(ReadText(text));
            }
            else
            {
                images.Add(ReadImage(block.GetProperty("image")));
            }
        }

        return new ApplyGuardrailRequest(source, texts, images, isFull);
    }

    private static GuardedText ReadText(JsonElement text)
    {
        text.WithMembers("text", ["text"], "qualifiers");
        var qualifiers = text.TryGetProperty("qualifiers", out var given)
            ? given.NonEmptyItems("qualifiers").Select(q => q.Word("qualifiers[]", "grounding_source", "query", "guard_content")).ToArray()
            : [];
        return new GuardedText(text.GetProperty("text").Text("text.text"), qualifiers);
    }

    private static string ReadImage(JsonElement image)
    {
        image.WithMembers("image", ["format", "source"]);
        var format = image.GetProperty("format").Word("image.format", "png", "jpeg");
        var source = image.GetProperty("source").WithMembers("image.source", ["bytes"]).GetProperty("bytes");
        if (source.ValueKind != JsonValueKind.String || !source.TryGetBytesFromBase64(out var bytes) || bytes.Length == 0)
        {
            throw new ModelException("image.source.bytes is not base64");
        }

        return bytes.AsSpan().StartsWith(format == "png" ? [0x89, 0x50] : (ReadOnlySpan<byte>)[0xFF, 0xD8])
            ? Encoding.Latin1.GetString(bytes)
            : throw new ModelException("image.format is not what the bytes are");
    }
}

/// <summary>A text block.</summary>
/// <param name="Text">The text.</param>
/// <param name="Qualifiers">What it is for; none for text that is guarded.</param>
internal sealed record GuardedText(string Text, IReadOnlyList<string> Qualifiers)
{
    /// <summary>Whether the text itself is judged.</summary>
    public bool IsGuarded => Qualifiers.Count == 0 || Qualifiers.Contains("guard_content", StringComparer.Ordinal);

    /// <summary>Whether it has a qualifier.</summary>
    public bool Is(string qualifier) => Qualifiers.Contains(qualifier, StringComparer.Ordinal);
}
