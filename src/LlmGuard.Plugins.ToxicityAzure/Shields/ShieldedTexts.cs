using LlmGuard.Remote.Texts;

namespace LlmGuard.Plugins.ToxicityAzure.Shields;

/// <summary>Which texts are prompts and which are documents, and how they are packed.</summary>
internal static class ShieldedTexts
{
    /// <summary>Most documents of a request.</summary>
    public const int MaxDocuments = 5;

    /// <summary>Most code points of all documents of a request.</summary>
    public const int MaxDocumentUnits = 10_000;

    /// <summary>Most code points of a prompt.</summary>
    private static readonly TextLimit Prompt = new(TextUnit.CodePoints, 10_000, 1_000);

    // Five of these fill a request, and each has a result of its own.
    private static readonly TextLimit Document = new(TextUnit.CodePoints, MaxDocumentUnits / MaxDocuments, 500);

    public static List<Passage> PromptsOf(GuardrailCall call) => call.IsResponse ? [] : Passages.Together(call.Content, Prompt, IsPrompt);

    public static List<Passage[]> DocumentsOf(GuardrailCall call)
    {
        var documents = Passages.Together(call.Content, Document, call.IsResponse ? IsDocumentOfAnswer : IsDocument);
        return Passages.Batches(documents, TextUnit.CodePoints, MaxDocumentUnits, MaxDocuments);
    }

    // Who has no known role may be the user.
    private static bool IsPrompt(Segment segment) => !IsDocument(segment) && segment.Role != SegmentRole.System;

    // What the caller says the model said may as well be made up.
    private static bool IsDocument(Segment segment) => IsForeign(segment) || segment.Role == SegmentRole.Assistant;

    // The model's own words are none; what nobody says anything about may come from anywhere.
    private static bool IsDocumentOfAnswer(Segment segment) => IsForeign(segment) || !segment.Role.IsKnown;

    // Text from elsewhere, whoever passes it on.
    private static bool IsForeign(Segment segment) =>
        segment.Role == SegmentRole.Tool || segment.Kind == SegmentKind.ToolResult || segment.Kind == SegmentKind.Document
            || segment.Kind == SegmentKind.ToolDefinition;
}
