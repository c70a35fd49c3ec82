namespace LlmGuard.Http.Dialects;

/// <summary>The dialects that are known, and how a call's dialect is found.</summary>
internal static class DialectRegistry
{
    /// <summary>The dialect of a route, or null.</summary>
    /// <param name="method">The HTTP method.</param>
    /// <param name="rawPath">The path as sent, percent-encoded.</param>
    public static string? FromPath(string method, string rawPath) => throw new NotSupportedException();

    /// <summary>The dialect a body's top level gives away, or null.</summary>
    public static string? FromBody(ReadOnlySpan<byte> json) => throw new NotSupportedException();

    /// <summary>Whether there is a dialect of that id.</summary>
    public static bool IsKnown(string id) => throw new NotSupportedException();
}
