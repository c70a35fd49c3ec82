namespace LlmGuard.Http.Json.Edits;

/// <summary>A JSON text after its edits.</summary>
/// <param name="Bytes">The new text, or null when nothing changes.</param>
/// <param name="Failure"><see cref="FailureReasons.MaskNotApplicable"/> when an edit cannot be carried out; then there are no bytes.</param>
internal readonly record struct JsonRewrite(ReadOnlyMemory<byte>? Bytes, GuardrailFailure? Failure);
