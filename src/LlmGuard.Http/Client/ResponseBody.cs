using System.Net.Http.Headers;
using LlmGuard.Http.Streams;
using LlmGuard.Http.Wire;
using LlmGuard.Http.Wire.Heads;

namespace LlmGuard.Http.Client;

/// <summary>Gives an answer the body that was read, decompressed and possibly edited.</summary>
internal static class ResponseBody
{
    public static void Replace(HttpResponseMessage response, WireRewrite? rewrite, BoundedBody body)
    {
        var bytes = rewrite?.Body ?? body.Bytes;
        var content = new ReadOnlyMemoryContent(bytes);
        HeaderList.CopyContent(response.Content.Headers, content.Headers, body.WasEncoded);
        content.Headers.ContentLength = bytes.Length;

        // A rewritten body brings its digests; one that was only decoded needs new ones too.
        TrailingHeaders.Set(response, content, rewrite?.Headers ?? []);
        if (body.WasEncoded && rewrite?.Body is null)
        {
            TrailingHeaders.Set(response, content, BodyDigests.Update(HeaderList.OfAnswer(response, content), bytes.Span));
        }

        // The connection goes back to the pool: everything that was on it has been read.
        response.Content.Dispose();
        response.Content = content;
    }

    /// <summary>Gives an answer a body that is judged while it is read. What is said about the bytes as they came goes.</summary>
    public static void Stream(HttpResponseMessage response, Stream stream, WireRewrite? rewrite)
    {
        var content = new StreamContent(stream);
        HeaderList.CopyContent(response.Content.Headers, content.Headers, wasEncoded: true);
        content.Headers.ContentLength = null;
        HeaderList.Set(response.Headers, content.Headers, rewrite?.Headers ?? []);
        RemoveDigests(response.Headers);
        RemoveDigests(content.Headers);

        response.Content = content;
    }

    private static void RemoveDigests(HttpHeaders headers)
    {
        foreach (var name in headers.NonValidated.Select(static h => h.Key).Where(HeaderNames.IsDigest).ToArray())
        {
            headers.Remove(name);
        }
    }

    /// <summary>Nobody may refuse what could not be read, so it goes on as it came.</summary>
    public static ValueTask HandOnUnreadAsync(HttpResponseMessage response, BoundedBody body, CancellationToken cancellationToken) =>
        PutBackAsync(response, body.Raw, cancellationToken);

    /// <summary>Makes bytes that were read the beginning of the body again.</summary>
    public static async ValueTask PutBackAsync(HttpResponseMessage response, ReadOnlyMemory<byte> start, CancellationToken cancellationToken)
    {
        var rest = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        PutBack(response, new ReplayStream(start, rest));
    }

    /// <summary>Gives an answer a stream with the same bytes as its body.</summary>
    public static void PutBack(HttpResponseMessage response, Stream same)
    {
        var content = new StreamContent(same);
        foreach (var (name, values) in response.Content.Headers.NonValidated)
        {
            HeaderList.Add(content.Headers, name, values);
        }

        response.Content = content;
    }
}
