using LlmGuard.Http.Wire;
using LlmGuard.Http.Wire.Heads;

namespace LlmGuard.Http.Client;

/// <summary>Copies of the caller's message: the guard changes the copy, never the original.</summary>
internal static class RequestClone
{
    /// <summary>A copy that shares the original's content.</summary>
    public static HttpRequestMessage Of(HttpRequestMessage request)
    {
        var clone = new HttpRequestMessage(request.Method, request.RequestUri)
        {
            Content = request.Content,
            Version = request.Version,
            VersionPolicy = request.VersionPolicy,
        };
        foreach (var (name, values) in request.Headers.NonValidated)
        {
            HeaderList.Add(clone.Headers, name, values);
        }

        // What an extended CONNECT is for (RFC 8441) is no header.
        clone.Headers.Protocol = request.Headers.Protocol;

        // To ask a message for its options makes them, so a message without any is not asked again.
        if (((ICollection<KeyValuePair<string, object?>>)request.Options).Count > 0)
        {
            CopyOptions(request.Options, clone.Options);
        }

        return clone;
    }

    private static void CopyOptions(HttpRequestOptions from, IDictionary<string, object?> to)
    {
        foreach (var (key, value) in from)
        {
            to[key] = value;
        }
    }

    /// <summary>Gives a copy a body that has been read, and possibly decompressed or edited.</summary>
    /// <param name="clone">The copy.</param>
    /// <param name="body">The body as it was read.</param>
    /// <param name="edited">What it became, or null.</param>
    public static void SetBody(HttpRequestMessage clone, BoundedBody body, ReadOnlyMemory<byte>? edited)
    {
        HttpContent content = edited is { } bytes ? new ReadOnlyMemoryContent(bytes) : new LentContent(body);
        HeaderList.CopyContent(clone.Content!.Headers, content.Headers, body.WasEncoded);
        content.Headers.ContentLength = (edited ?? body.Bytes).Length;
        clone.Content = content;
        if (body.WasEncoded)
        {
            var digests = BodyDigests.Update(HeaderList.Of(clone.Headers, content.Headers), (edited ?? body.Bytes).Span);
            HeaderList.Set(clone.Headers, content.Headers, digests);
        }
    }

    /// <summary>Carries out the header and target changes of a rewrite.</summary>
    public static void Apply(HttpRequestMessage clone, WireRewrite rewrite)
    {
        HeaderList.Set(clone.Headers, clone.Content?.Headers, rewrite.Headers);
        if (rewrite.RawPath is not null || rewrite.RawQuery is not null)
        {
            var uri = clone.RequestUri!;
            clone.RequestUri = new Uri(
                uri.GetLeftPart(UriPartial.Authority) + (rewrite.RawPath ?? uri.AbsolutePath) + (rewrite.RawQuery ?? uri.Query));
        }
    }

    /// <summary>The guard reads the answer, so it asks for encodings it decodes and for all of it.</summary>
    public static void OwnNegotiation(HttpRequestMessage clone)
    {
        if (clone.Headers.NonValidated.TryGetValues("Accept-Encoding", out var accepted))
        {
            var cut = ResponseNegotiation.Cut([.. accepted]);
            clone.Headers.Remove("Accept-Encoding");
            clone.Headers.TryAddWithoutValidation("Accept-Encoding", cut);
        }

        foreach (var name in ResponseNegotiation.Dropped(clone.Method.Method))
        {
            clone.Headers.Remove(name);
        }
    }
}
