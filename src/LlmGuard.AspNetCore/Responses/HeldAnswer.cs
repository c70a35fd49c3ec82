using LlmGuard.AspNetCore.Requests;
using LlmGuard.Http.Wire;

namespace LlmGuard.AspNetCore.Responses;

/// <summary>Decodes an answer that is held.</summary>
internal static class HeldAnswer
{
    /// <summary>The decoded body, or null when there is none. What is not encoded is read where it is held.</summary>
    public static async ValueTask<BoundedBody?> ReadAsync(
        IncomingCall incoming,
        HeldBytes held,
        IReadOnlyList<KeyValuePair<string, string>> headers,
        CancellationToken cancellationToken)
    {
        if (held.Length == 0)
        {
            return null;
        }

        var codings = ResponseHead.ContentEncoding(headers);
        if (codings.Count == 0)
        {
            return BoundedBody.Over(held.Bytes);
        }

        using var encoded = BoundedBody.Over(held.Bytes);
        using var stream = new LentBodyStream(encoded);
        var body = await BoundedBody.ReadAsync(
            stream,
            codings,
            incoming.Plan.Limits.MaxBodyBytes,
            incoming.Plan.Limits,
            incoming.Budget,
            cancellationToken).ConfigureAwait(false);
        incoming.Call.AttachBuffers(body);
        return body;
    }
}
