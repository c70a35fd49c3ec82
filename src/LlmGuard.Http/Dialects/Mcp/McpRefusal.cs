using LlmGuard.Http.Refusals;

namespace LlmGuard.Http.Dialects.Mcp;

/// <summary>A JSON-RPC error, and the result of a tool that refuses, which the model sees.</summary>
internal static class McpRefusal
{
    // The first of those JSON-RPC leaves to servers.
    private const int ServerError = -32000;

    public static DialectAnswer Error(RefusedCall call) => DialectAnswer.Json(writer =>
    {
        writer.WriteStartObject();
        writer.WriteString("jsonrpc"u8, "2.0"u8);
        writer.WritePropertyName("id"u8);
        writer.WriteRawValue(call.ReplyTo ?? "null");
        writer.WriteStartObject("error"u8);
        writer.WriteNumber("code"u8, ServerError);
        writer.WriteString("message"u8, call.Message);
        writer.WriteStartObject("data"u8);
        writer.WriteString("type"u8, "guardrail_blocked"u8);
        writer.WriteString("code"u8, call.Refusal.Code);
        writer.WriteEndObject();
        writer.WriteEndObject();
        writer.WriteEndObject();
    });

    public static DialectAnswer ToolResult(RefusedCall call) => DialectAnswer.Json(writer =>
    {
        writer.WriteStartObject();
        writer.WriteString("jsonrpc"u8, "2.0"u8);
        writer.WritePropertyName("id"u8);
        writer.WriteRawValue(call.ReplyTo!);
        writer.WriteStartObject("result"u8);
        writer.WriteStartArray("content"u8);
        writer.WriteStartObject();
        writer.WriteString("type"u8, "text"u8);
        writer.WriteString("text"u8, call.Message);
        writer.WriteEndObject();
        writer.WriteEndArray();
        writer.WriteBoolean("isError"u8, true);
        writer.WriteEndObject();
        writer.WriteEndObject();
    });
}
