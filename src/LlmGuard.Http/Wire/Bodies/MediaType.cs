using System.Net.Http.Headers;

namespace LlmGuard.Http.Wire.Bodies;

/// <summary>A Content-Type, read as far as it decides how a body is read.</summary>
internal sealed class MediaType
{
    private const string GrpcName = "application/grpc";

    private static readonly MediaType Grpc = new(GrpcName, null, null);
    private static readonly MediaType Json = new("application/json", null, null);
    private static readonly MediaType Utf8Json = new("application/json", "utf-8", null);

    private MediaType(string name, string? charset, string? boundary) => (Name, Charset, Boundary) = (name, charset, boundary);

    /// <summary>Type and subtype in lower case.</summary>
    public string Name { get; }

    /// <summary>The charset in lower case, or null.</summary>
    public string? Charset { get; }

    public string? Boundary { get; }

    /// <summary>Whether the text is UTF-8, as stated or for want of a statement.</summary>
    public bool IsUtf8 => Charset is null or "utf-8" or "utf8" or "us-ascii" or "ascii";

    public bool IsJson => Name is "application/json" or "text/json" || (Name.EndsWith("+json", StringComparison.Ordinal) && !IsJsonLines);

    public bool IsJsonLines => Name is "application/x-ndjson" or "application/ndjson" or "application/jsonl" or "application/x-jsonl"
        or "application/jsonlines" or "application/x-jsonlines" or "application/json-lines"
            or "application/json-seq" or "application/stream+json" or "text/x-ndjson"
        or "text/ndjson" or "text/jsonl" || Name.EndsWith("+json-seq", StringComparison.Ordinal);

    public bool IsEventStream => Name == "text/event-stream";

    /// <summary>Whether it is AWS's binary event stream.</summary>
    public bool IsAmazonEvents => Name == "application/vnd.amazon.eventstream";

    public bool IsForm => Name == "application/x-www-form-urlencoded";

    public bool IsMultipart => Name.StartsWith("multipart/", StringComparison.Ordinal);

    public bool IsGrpc => NamesGrpc(Name);

    public bool IsText => Name.StartsWith("text/", StringComparison.Ordinal)
        || Name is "application/xml" or "application/javascript" or "application/ecmascript" or "application/yaml" or "application/x-yaml"
            or "application/toml" or "application/sql" or "application/graphql"
        || Name.EndsWith("+xml", StringComparison.Ordinal) || Name.EndsWith("+yaml", StringComparison.Ordinal);

    /// <summary>What bytes of this type are to the policy; null when the type says nothing about it.</summary>
    public UninspectedKind? Binary =>
        Name.StartsWith("image/", StringComparison.Ordinal) ? UninspectedKind.Image
        : Name.StartsWith("audio/", StringComparison.Ordinal) ? UninspectedKind.Audio
        : Name.StartsWith("video/", StringComparison.Ordinal) || Name.StartsWith("font/", StringComparison.Ordinal) ? UninspectedKind.File
        : null;

    /// <summary>Whether a value names gRPC: its servers and clients look at no parameter, nor whether those can be read.</summary>
    /// <param name="value">The value as sent, or null.</param>
    public static bool NamesGrpc(string? value)
    {
        var stated = value.AsSpan().TrimStart();
        if (!stated.StartsWith(GrpcName, StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }

        var rest = stated[GrpcName.Length..];
        return rest.TrimStart() is [] or [';', ..] || rest is ['+', ..] || rest.StartsWith("-web", StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>Reads a value.</summary>
    /// <param name="value">The value as sent, or null.</param>
    /// <param name="type">The type; null when there is none, or none that means anything.</param>
    /// <returns>False when the value means different things to different readers: several types, a parameter twice, multipart without a
    /// boundary.</returns>
    public static bool TryParse(string? value, out MediaType? type)
    {
        type = null;
        if (string.IsNullOrWhiteSpace(value))
        {
            return true;
        }

        // What nearly every call says need not be parsed.
        if ((type = value switch { "application/json" => Json, "application/json; charset=utf-8" => Utf8Json, _ => null }) is not null)
        {
            return true;
        }

        if (!MediaTypeHeaderValue.TryParse(value, out var parsed) || parsed.MediaType is not { } name)
        {
            type = NamesGrpc(value) ? Grpc : null;
            return !value.Contains(',', StringComparison.Ordinal) && !value.Contains("multipart", StringComparison.OrdinalIgnoreCase);
        }

        string? charset = null, boundary = null;
        var seen = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var parameter in parsed.Parameters)
        {
            if (!seen.Add(parameter.Name))
            {
                return false;
            }

            var isCharset = parameter.Name.Equals("charset", StringComparison.OrdinalIgnoreCase);
            var isBoundary = parameter.Name.Equals("boundary", StringComparison.OrdinalIgnoreCase);
            charset = isCharset ? Unquote(parameter.Value) : charset;
            boundary = isBoundary ? Unquote(parameter.Value) : boundary;
        }

        type = new MediaType(name.ToLowerInvariant(), charset?.Trim().ToLowerInvariant(), boundary);
        return true;
    }

    private static string? Unquote(string? value) => value is ['"', .., '"'] ? value[1..^1].Replace("\\", "", StringComparison.Ordinal) : value;
}
