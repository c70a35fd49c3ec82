using LlmGuard.Http.Gates;
using LlmGuard.Http.Wire;
using LlmGuard.Http.Wire.Heads;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;

namespace LlmGuard.AspNetCore.Requests;

/// <summary>Reads the body of an incoming request, and puts one in its place.</summary>
internal static class RequestBody
{
    /// <summary>How long is waited for word that a sender has left.</summary>
    public static readonly TimeSpan DepartureNotice = TimeSpan.FromMilliseconds(200);

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
            isLent: true,
            request.ContentLength).ConfigureAwait(false);
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
    /// Whether a body could not be read to its end because its sender has left, who has asked nothing then: there is no failure and nobody to refuse.
    /// </summary>
    public static async ValueTask<bool> HasSenderLeftAsync(IncomingCall incoming, IOException fault)
    {
        // A length that is stated cannot be misread: the server says "bad request" when the end comes before it.
        if (fault is BadHttpRequestException && incoming.Context.Request.ContentLength is not null)
        {
            return true;
        }

        // Elsewhere the server tells that the sender has left on another thread, which may come a moment later than the fault.
        var time = incoming.Context.RequestServices.GetRequiredService<TimeProvider>();
        await Task.Delay(DepartureNotice, time, incoming.Aborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return incoming.Aborted.IsCancellationRequested;
    }

    /// <summary>
    /// Whether less came than was announced. A chunked body announces nothing: an empty one cannot be told from one that somebody has read.
    /// </summary>
    private static bool IsCut(HttpRequest request, BoundedBody body, Stream source) =>
        !source.CanSeek && (request.ContentLength is { } stated ? body.WireBytes < stated : body.WireBytes == 0);
}
