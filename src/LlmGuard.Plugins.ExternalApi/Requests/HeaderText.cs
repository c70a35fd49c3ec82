using System.Buffers;

namespace LlmGuard.Plugins.ExternalApi.Requests;

/// <summary>What may stand in a header (RFC 9110), so that no value can add a line.</summary>
internal static class HeaderText
{
    private static readonly SearchValues<char> TokenCharacters =
        SearchValues.Create("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

    public static bool IsName(string text) => text.Length is > 0 and <= 128 && !text.AsSpan().ContainsAnyExcept(TokenCharacters);

    /// <summary>Whether a value has printable ASCII and inner spaces only.</summary>
    public static bool IsValue(string text) => text.Length <= 8192 && !text.AsSpan().ContainsAnyExceptInRange(' ', '~') && text == text.Trim(' ');

    /// <summary>Whether a header is about the message itself, so that the transport writes it.</summary>
    public static bool IsReserved(string name) => name.StartsWith("content-", StringComparison.OrdinalIgnoreCase)
        || name.ToUpperInvariant() is "ACCEPT" or "ACCEPT-ENCODING" or "CONNECTION"
            or "EXPECT" or "HOST" or "KEEP-ALIVE" or "PROXY-CONNECTION" or "TE" or "TRAILER"
            or "TRANSFER-ENCODING" or "UPGRADE" or "X-GUARDRAIL-SIGNATURE" or "X-GUARDRAIL-TIMESTAMP";
}
