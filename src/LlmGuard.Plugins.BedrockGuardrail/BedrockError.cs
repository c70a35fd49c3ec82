using System.Collections.Frozen;
using System.Net.Http.Headers;
using System.Text.Json;

namespace LlmGuard.Plugins.BedrockGuardrail;

/// <summary>An error of an AWS service, as far as needed to tell refused content from a refused configuration.</summary>
/// <param name="Code">The error's name; empty when it has none.</param>
/// <param name="Message">Its message; empty when it has none. Never shown or logged.</param>
internal readonly record struct BedrockError(string Code, string Message)
{
    private const string TypeHeader = "x-amzn-ErrorType";

    // What may come with status 400 and has nothing to do with the content: the caller's identity, its rights and its quota.
    private static readonly FrozenSet<string> Configuration = FrozenSet.Create(
        StringComparer.Ordinal,
        "AccessDeniedException", "ExpiredToken", "ExpiredTokenException",
        "IncompleteSignature", "IncompleteSignatureException", "InvalidClientTokenId",
        "InvalidSignatureException", "MissingAuthenticationToken", "MissingAuthenticationTokenException", "NotAuthorized", "OptInRequired",
        "RequestExpired", "ResourceNotFoundException", "ServiceQuotaExceededException", "UnknownOperationException", "UnrecognizedClientException");

    // The messages of a ValidationException about the guardrail. Compared from the first character on: others may quote the content.
    private static readonly string[] GuardrailMessages =
    [
        "The provided guardrail identifier",
        "The guardrail identifier",
        "The provided guardrail version",
        "The guardrail version",
    ];

    /// <summary>Whether the error is about what the policy configures.</summary>
    public bool IsAboutConfiguration => Configuration.Contains(Code) || (Code == "ValidationException" && IsAboutGuardrail(Message));

    /// <summary>
    /// Reads an error the way AWS's own clients do: the header first, else the body; the name between the last <c>#</c> and the first colon.
    /// </summary>
    /// <param name="headers">The response's headers.</param>
    /// <param name="body">The body, or the beginning of one. May be anything.</param>
    public static BedrockError Read(HttpResponseHeaders headers, ReadOnlySpan<byte> body)
    {
        var (code, message) = OfBody(body);
        if (headers.TryGetValues(TypeHeader, out var values))
        {
            code = values.First();
        }

        return new BedrockError(NameOf(code), message);
    }

    private static string NameOf(string code)
    {
        var name = code.AsSpan();
        if (name.IndexOf(':') is var colon and >= 0)
        {
            name = name[..colon];
        }

        return name[(name.LastIndexOf('#') + 1)..].Trim().ToString();
    }

    private static (string Code, string Message) OfBody(ReadOnlySpan<byte> body)
    {
        var reader = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = 8 });
        try
        {
            if (!JsonDocument.TryParseValue(ref reader, out var document))
            {
                return ("", "");
            }

            using (document)
            {
                var root = document.RootElement;
                return root.ValueKind == JsonValueKind.Object
                    ? (TextOf(root, "code") ?? TextOf(root, "__type") ?? "", TextOf(root, "message") ?? TextOf(root, "Message") ?? "")
                    : ("", "");
            }
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // Not JSON, or a lone surrogate.
            return ("", "");
        }
    }

    private static string? TextOf(JsonElement root, string name) =>
        root.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static bool IsAboutGuardrail(string message) => GuardrailMessages.Any(m => message.StartsWith(m, StringComparison.Ordinal));
}
