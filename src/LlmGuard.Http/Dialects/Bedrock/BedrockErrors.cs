using LlmGuard.Http.Refusals;

namespace LlmGuard.Http.Dialects.Bedrock;

/// <summary>Errors of Bedrock's runtime: the exception that SDKs raise is named by a header, or by the frame of a stream.</summary>
internal static class BedrockErrors
{
    public static DialectAnswer Of(RefusedCall call) => DialectAnswer.Json(writer =>
    {
        writer.WriteStartObject();
        writer.WriteString("message"u8, call.Message);
        writer.WriteEndObject();
    }) with
    {
        Headers = [new("x-amzn-ErrorType", NameOf(call.Refusal.StatusCode))],
    };

    private static string NameOf(int status) => status switch
    {
        401 or 403 => "AccessDeniedException",
        404 => "ResourceNotFoundException",
        408 => "ModelTimeoutException",
        424 => "ModelErrorException",
        429 => "ThrottlingException",
        503 => "ServiceUnavailableException",
        >= 500 => "InternalServerException",
        _ => "ValidationException",
    };
}
