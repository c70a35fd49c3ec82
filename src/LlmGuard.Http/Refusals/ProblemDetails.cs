namespace LlmGuard.Http.Refusals;

/// <summary>The error of calls that speak no dialect with one of its own (RFC 9457).</summary>
internal static class ProblemDetails
{
    private const string Base = "https://llmguard.dev/problems/";

    public static DialectAnswer Of(RefusedCall call)
    {
        var (name, title) = KindOf(call.Refusal);
        return new DialectAnswer("application/problem+json", JsonText.Write(writer =>
        {
            writer.WriteStartObject();
            writer.WriteString("type"u8, Base + name);
            writer.WriteString("title"u8, title);
            writer.WriteNumber("status"u8, call.Refusal.StatusCode);
            writer.WriteString("detail"u8, call.Message);
            writer.WriteString("code"u8, call.Refusal.Code);
            writer.WriteString("id"u8, call.CallId);
            writer.WriteEndObject();
        }));
    }

    private static (string Name, string Title) KindOf(Refusal refusal) => refusal switch
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
}
