using System.Text.Json;

namespace LlmGuard.Http.Refusals;

/// <summary>The error objects of the dialects.</summary>
internal static class RefusalError
{
    private const string ProblemBase = "https://llmguard.dev/problems/";

    /// <summary>What writes the error of a dialect; null for problem+json.</summary>
    public static Action<Utf8JsonWriter, Refusal, string>? For(string? dialect) => dialect?.Split('.')[0] switch
    {
        "openai" or "azure" or "mistral" => WriteOpenAI,
        "anthropic" => WriteAnthropic,
        "google" or "gemini" => WriteGemini,
        "ollama" => WriteOllama,
        "cohere" or "bedrock" => WriteMessage,
        _ => null,
    };

    public static void WriteProblem(Utf8JsonWriter writer, Refusal refusal, string callId)
    {
        var (name, title) = Problem(refusal);
        writer.WriteStartObject();
        writer.WriteString("type"u8, ProblemBase + name);
        writer.WriteString("title"u8, title);
        writer.WriteNumber("status"u8, refusal.StatusCode);
        writer.WriteString("detail"u8, refusal.Message);
        writer.WriteString("code"u8, refusal.Code);
        writer.WriteString("id"u8, callId);
        writer.WriteEndObject();
    }

    private static (string Name, string Title) Problem(Refusal refusal) => refusal switch
    {
        { Code: RefusalCodes.InputUninspectable } => ("input-uninspectable", "The request could not be inspected."),
        { Code: RefusalCodes.OutputUninspectable } => ("output-uninspectable", "The answer could not be inspected."),
        { Code: RefusalCodes.Unavailable } => ("unavailable", "A required guardrail is not available."),
        { Code: RefusalCodes.AmbiguousPath } => ("ambiguous-path", "The path is ambiguous."),
        { Code: RefusalCodes.Unidentified } => ("unidentified", "The caller is not identified."),
        { StatusCode: 429 } => ("rate-limited", "Too many requests."),
        { StatusCode: 411 or 413 } => ("too-large", "The request is too large."),
        _ => ("blocked", "Blocked by a guardrail."),
    };

    private static void WriteOpenAI(Utf8JsonWriter writer, Refusal refusal, string callId)
    {
        writer.WriteStartObject();
        writer.WriteStartObject("error"u8);
        writer.WriteString("message"u8, refusal.Message);
        writer.WriteString("type"u8, "guardrail_blocked"u8);
        writer.WriteNull("param"u8);
        writer.WriteString("code"u8, refusal.Code);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static void WriteAnthropic(Utf8JsonWriter writer, Refusal refusal, string callId)
    {
        writer.WriteStartObject();
        writer.WriteString("type"u8, "error"u8);
        writer.WriteStartObject("error"u8);
        writer.WriteString("type"u8, refusal.StatusCode switch
        {
            401 => "authentication_error",
            403 => "permission_error",
            404 => "not_found_error",
            413 => "request_too_large",
            429 => "rate_limit_error",
            503 or 529 => "overloaded_error",
            >= 500 => "api_error",
            _ => "invalid_request_error",
        });
        writer.WriteString("message"u8, refusal.Message);
        writer.WriteString("code"u8, refusal.Code);
        writer.WriteEndObject();
        writer.WriteString("request_id"u8, callId);
        writer.WriteEndObject();
    }

    private static void WriteGemini(Utf8JsonWriter writer, Refusal refusal, string callId)
    {
        writer.WriteStartObject();
        writer.WriteStartObject("error"u8);
        writer.WriteNumber("code"u8, refusal.StatusCode);
        writer.WriteString("message"u8, refusal.Message);
        writer.WriteString("status"u8, refusal.StatusCode switch
        {
            401 => "UNAUTHENTICATED",
            403 => "PERMISSION_DENIED",
            404 => "NOT_FOUND",
            429 => "RESOURCE_EXHAUSTED",
            503 => "UNAVAILABLE",
            >= 500 => "INTERNAL",
            _ => "INVALID_ARGUMENT",
        });
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static void WriteOllama(Utf8JsonWriter writer, Refusal refusal, string callId)
    {
        writer.WriteStartObject();
        writer.WriteString("error"u8, refusal.Message);
        writer.WriteEndObject();
    }

    private static void WriteMessage(Utf8JsonWriter writer, Refusal refusal, string callId)
    {
        writer.WriteStartObject();
        writer.WriteString("message"u8, refusal.Message);
        writer.WriteEndObject();
    }
}
