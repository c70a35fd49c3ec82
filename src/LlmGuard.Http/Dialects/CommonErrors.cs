using LlmGuard.Http.Refusals;

namespace LlmGuard.Http.Dialects;

/// <summary>Errors that dialects word alike.</summary>
internal static class CommonErrors
{
    /// <summary>OpenAI's error object, which most servers after it have as well.</summary>
    public static DialectAnswer OpenAi(RefusedCall call) => DialectAnswer.Json(writer =>
    {
        writer.WriteStartObject();
        writer.WriteStartObject("error"u8);
        writer.WriteString("message"u8, call.Message);
        writer.WriteString("type"u8, "guardrail_blocked"u8);
        writer.WriteNull("param"u8);
        writer.WriteString("code"u8, call.Refusal.Code);
        writer.WriteEndObject();
        writer.WriteEndObject();
    });
}
