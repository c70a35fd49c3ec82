namespace LlmGuard.Http.Wire.Bodies;

/// <summary>A body without any text that could be edited: none, binary, or a tunnel.</summary>
internal sealed class OpaqueBody : ReadBody
{
    public static OpaqueBody Instance { get; } = new();

    public override BodyRewrite Rewrite(IReadOnlyList<TextEdit> edits, IReadOnlyList<RequestChange> changes) =>
        changes.Count == 0 ? BodyRewrite.Unchanged : BodyRewrite.NotApplicable;
}
