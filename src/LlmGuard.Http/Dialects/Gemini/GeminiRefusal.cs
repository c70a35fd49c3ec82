using System.Text.Json;
using LlmGuard.Http.Refusals;

namespace LlmGuard.Http.Dialects.Gemini;

/// <summary>Google's error, and an answer that refuses: whole, as an event stream, or as the array that streams are without <c>alt=sse</c>.</summary>
internal static class GeminiRefusal
{
    public static DialectAnswer Error(RefusedCall call) => DialectAnswer.Json(writer =>
    {
        // Without alt=sse a stream's error stands in an array like its answers.
        var isArray = GeminiPath.IsStreamed(call.RawPath) && !GeminiPath.AsksForEvents(call.RawQuery);
        if (isArray)
        {
            writer.WriteStartArray();
        }

        writer.WriteStartObject();
        writer.WriteStartObject("error"u8);
        writer.WriteNumber("code"u8, call.Refusal.StatusCode);
        writer.WriteString("message"u8, call.Message);
        writer.WriteString("status"u8, call.Refusal.StatusCode switch
        {
            401 => "UNAUTHENTICATED",
            403 => "PERMISSION_DENIED",
            404 => "NOT_FOUND",
            429 => "RESOURCE_EXHAUSTED",
            503 => "UNAVAILABLE",
            >= 500 => "INTERNAL",
            _ => "INVALID_ARGUMENT",
        });
        writer.WriteStartArray("details"u8);
        writer.WriteStartObject();
        writer.WriteString("@type"u8, "type.googleapis.com/google.rpc.ErrorInfo"u8);
        writer.WriteString("reason"u8, call.Refusal.Code);
        writer.WriteString("domain"u8, "llmguard"u8);
        writer.WriteEndObject();
        writer.WriteEndArray();
        writer.WriteEndObject();
        writer.WriteEndObject();
        if (isArray)
        {
            writer.WriteEndArray();
        }
    });

    /// <summary>The answer; null for calls that count or embed.</summary>
    public static DialectAnswer? Completion(RefusedCall call)
    {
        if (!GeminiPath.Generates(call.RawPath))
        {
            return null;
        }

        if (!GeminiPath.IsStreamed(call.RawPath))
        {
            return DialectAnswer.Json(writer => Write(writer, call));
        }

        return GeminiPath.AsksForEvents(call.RawQuery)
            ? new EventStreamAnswer().Add(writer => Write(writer, call)).ToAnswer()
            : DialectAnswer.Json(writer =>
            {
                writer.WriteStartArray();
                Write(writer, call);
                writer.WriteEndArray();
            });
    }

    private static void Write(Utf8JsonWriter writer, RefusedCall call)
    {
        writer.WriteStartObject();
        writer.WriteStartArray("candidates"u8);
        writer.WriteStartObject();
        writer.WriteStartObject("content"u8);
        writer.WriteStartArray("parts"u8);
        writer.WriteStartObject();
        writer.WriteString("text"u8, call.Message);
        writer.WriteEndObject();
        writer.WriteEndArray();
        writer.WriteString("role"u8, "model"u8);
        writer.WriteEndObject();
        writer.WriteString("finishReason"u8, "SAFETY"u8);
        writer.WriteNumber("index"u8, 0);
        writer.WriteEndObject();
        writer.WriteEndArray();
        writer.WriteStartObject("usageMetadata"u8);
        foreach (var figure in (string[])["promptTokenCount", "candidatesTokenCount", "totalTokenCount"])
        {
            writer.WriteNumber(figure, 0);
        }

        writer.WriteEndObject();
        writer.WriteString("modelVersion"u8, call.Model);
        writer.WriteString("responseId"u8, call.CallId);
        writer.WriteEndObject();
    }
}
