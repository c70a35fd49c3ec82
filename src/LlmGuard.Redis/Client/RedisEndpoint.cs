using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace LlmGuard.Redis.Client;

/// <summary>Where a server listens.</summary>
internal sealed record RedisEndpoint(string Host, int Port)
{
    private static readonly SearchValues<char> NotInNames = SearchValues.Create("[]:/@ ");

    public static bool TryParse(string? text, [NotNullWhen(true)] out RedisEndpoint? endpoint)
    {
        endpoint = null;
        var colon = text?.LastIndexOf(':') ?? -1;
        if (colon <= 0 || !ushort.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port) || port == 0)
        {
            return false;
        }

        var host = text![..colon];
        var isBracketed = host.Length > 2 && host[0] == '[' && host[^1] == ']';
        if (!isBracketed && host.AsSpan().ContainsAny(NotInNames))
        {
            return false;
        }

        endpoint = new RedisEndpoint(isBracketed ? host[1..^1] : host, port);
        return true;
    }
}
