using LlmGuard.Http.Gates;
using LlmGuard.Http.Wire;
using LlmGuard.Http.Wire.Heads;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace LlmGuard.AspNetCore.Requests;

/// <summary>Reads the body of an incoming request, and puts one in its place.</summary>
internal static class RequestBody
{
    /// <summary>Whether the request has a body, even an empty one.</summary>
    public static bool IsPresent(HttpRequest request) =>
        request.ContentLength is not null
        || request.Headers.TransferEncoding.Count > 0
        || request.HttpContext.Features.Find<IHttpRequestBodyDetectionFeature>() is { CanHaveBody: true };

    /// <summary>Reads the body from its start, within the plan's bounds; null when somebody else has read it and it cannot be rewound.</summary>
    public static async ValueTask<BoundedBody?> ReadAsync(IncomingCall incoming, Stream source)
    {
        var request = incoming.Context.Request;
        if (!source.CanSeek && request.HttpContext.Features.Find<IFormFeature>() is { Form: not null })
        {
            return null;
        }

        if (source.CanSeek)
        {
            source.Position = 0;
        }

        var body = await BoundedBody.ReadAsync(
            source,
            RequestHead.ContentEncoding(request.Headers),
            BodyBounds.Of(incoming.Plan).MaxBytes,
            incoming.Plan.Limits,
            incoming.Budget,
            incoming.Aborted,
            isLent: true).ConfigureAwait(false);
        incoming.Call.AttachBuffers(body);
        return body.Failure is null or { Reason: FailureReasons.Undecodable } && IsCut(request, body, source) ? null : body;
    }

    /// <summary>Puts the bytes that were judged in the place of the body.</summary>
    /// <param name="request">The request.</param>
    /// <param name="body">The body as it was read.</param>
    /// <param name="edited">What it became, or null.</param>
    public static void Replace(HttpRequest request, BoundedBody body, ReadOnlyMemory<byte>? edited)
    {
        request.Body = edited is { } changed ? BytesStream.Over(changed) : new LentBodyStream(body);
        if (edited is null && !body.WasEncoded)
        {
            return;
        }

        // What describes the bytes that were sent goes or is computed anew.
        var bytes = edited ?? body.Bytes;
        request.Headers.ContentLength = bytes.Length;
        request.Headers.Remove("Transfer-Encoding");
        request.Headers.Remove("Content-Encoding");
        RequestRewrite.ApplyHeaders(request.Headers, BodyDigests.Update(RequestHead.Flatten(request.Headers), bytes.Span));
    }

    /// <summary>
    /// Whether less came than was announced. A chunked body announces nothing: an empty one cannot be told from one that somebody has read.
    /// </summary>
    private static bool IsCut(HttpRequest request, BoundedBody body, Stream source) =>
        !source.CanSeek && (request.ContentLength is { } stated ? body.WireBytes < stated : body.WireBytes == 0);
}
