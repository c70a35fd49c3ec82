using System.Buffers;
using System.Collections.Frozen;

namespace LlmGuard.Execution.Evaluations;

/// <summary>Which headers a verdict may set.</summary>
internal static class HeaderRules
{
    private static readonly SearchValues<char> NameChars =
        SearchValues.Create("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

    private static readonly SearchValues<char> BadValueChars =
        SearchValues.Create([.. Enumerable.Range(0, 32).Where(c => c != '\t').Select(c => (char)c), '\x7F']);

    private static readonly FrozenSet<string> Framing = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase,
        "Connection", "Content-Encoding", "Content-Length", "Content-Range", "Content-Type", "Host", "Keep-Alive", "Proxy-Connection", "TE",
        "Trailer", "Transfer-Encoding", "Upgrade");

    private static readonly FrozenSet<string> Credentials = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase,
        "Authorization", "Cookie", "Proxy-Authorization", "api-key", "x-api-key", "x-goog-api-key", "x-amz-security-token");

    public static bool IsResponseHeader(string? name, string? value) =>
        value is not null && IsWellFormed(name, value) && !Framing.Contains(name!) && !name!.Equals("Set-Cookie", StringComparison.OrdinalIgnoreCase);

    public static bool IsRequestHeader(string? name, string? value) =>
        IsWellFormed(name, value) && !Framing.Contains(name!) && !Credentials.Contains(name!);

    private static bool IsWellFormed(string? name, string? value) =>
        !string.IsNullOrEmpty(name) && !name.AsSpan().ContainsAnyExcept(NameChars) && (value is null || !value.AsSpan().ContainsAny(BadValueChars));
}
