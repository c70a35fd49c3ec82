using System.Net.Http.Headers;
using System.Text.Json;
using LlmGuard.Plugins.NomaRuntimeProtection.Diagnostics;
using LlmGuard.Plugins.NomaRuntimeProtection.Settings;

namespace LlmGuard.Plugins.NomaRuntimeProtection.Protocols;

/// <summary>What Noma is told about a call beside its content. Immutable.</summary>
/// <param name="ApplicationId">The application.</param>
/// <param name="IpAddress">The peer's address; null when it is not told.</param>
/// <param name="UserId">The consumer; null when unknown.</param>
/// <param name="SessionId">The conversation; null when unknown.</param>
/// <param name="RequestId">The id that a proxy or client gave the request; null when unknown.</param>
internal sealed record NomaContext(string ApplicationId, string? IpAddress, string? UserId, string? SessionId, string? RequestId)
{
    private const string RequestIdHeader = "X-Noma-Request-ID";

    /// <summary>What a call says.</summary>
    public static NomaContext Of(GuardrailCall call, NomaSettings settings, Symptoms symptoms) => new(
        ApplicationIds.Of(call, settings, symptoms),
        settings.SendsClientAddress ? call.RemoteAddress?.ToString() : null,
        call.Caller.Consumer,
        ApplicationIds.Header(call, settings.SessionHeader),
        ApplicationIds.Header(call, "X-Request-ID"));

    /// <summary>Adds the header that correlates.</summary>
    public void WriteTo(HttpRequestHeaders headers)
    {
        if (RequestId is not null)
        {
            headers.TryAddWithoutValidation(RequestIdHeader, RequestId);
        }
    }

    /// <summary>Writes the context's members.</summary>
    /// <param name="body">Where to.</param>
    /// <param name="isCached">Whether clean verdicts are remembered: then what differs from call to call is left out.</param>
    public void WriteTo(Utf8JsonWriter body, bool isCached)
    {
        body.WriteString("applicationId"u8, ApplicationId);
        WriteIfKnown(body, "userId"u8, UserId);
        if (!isCached)
        {
            WriteIfKnown(body, "ipAddress"u8, IpAddress);
            WriteIfKnown(body, "sessionId"u8, SessionId);
            WriteIfKnown(body, "requestId"u8, RequestId);
        }
    }

    private static void WriteIfKnown(Utf8JsonWriter body, ReadOnlySpan<byte> name, string? value)
    {
        if (value is not null)
        {
            body.WriteString(name, value);
        }
    }
}
