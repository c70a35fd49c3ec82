using LlmGuard.Execution.Background;
using LlmGuard.Http.Gates;
using LlmGuard.Http.Wire;
using LlmGuard.Http.Wire.Encodings;
using LlmGuard.Planning;

namespace LlmGuard.Http.Client;

/// <summary>Reads the body of an outgoing request within the plan's bounds.</summary>
internal static class ContentReader
{
    public static async ValueTask<BoundedBody> ReadAsync(
        HttpContent content,
        EffectivePlan plan,
        HeldBytesBudget budget,
        bool isAsync,
        CancellationToken cancellationToken)
    {
        if (!ContentCoding.TryParse(HeaderList.Values(content.Headers, "Content-Encoding"), out var codings))
        {
            return BoundedBody.Unsupported();
        }

        var limit = BodyBounds.Of(plan).MaxBytes;
        if (content.Headers.ContentLength > limit)
        {
            return BoundedBody.StatedTooLong(limit);
        }

        var room = new HeldRoom(budget);
        try
        {
            using var chunks = new ChunkedBytes(room, limit);
            await CollectAsync(content, new CappedBuffer(chunks), isAsync, cancellationToken).ConfigureAwait(false);
            return BoundedBody.Of(chunks, room, codings, limit, plan.Limits, isLent: true, cancellationToken);
        }
        catch
        {
            room.Dispose();
            throw;
        }
    }

    private static async ValueTask CollectAsync(HttpContent content, CappedBuffer buffer, bool isAsync, CancellationToken cancellationToken)
    {
        try
        {
            if (isAsync)
            {
                await content.CopyToAsync(buffer, cancellationToken).ConfigureAwait(false);
            }
            else
            {
                content.CopyTo(buffer, null, cancellationToken);
            }
        }
        catch (Exception unwound) when (IsCap(unwound))
        {
            // What was collected is one byte over the limit, or all there is room for, and says so.
        }
    }

    private static bool IsCap(Exception exception) =>
        exception is CapReachedException || (exception is HttpRequestException && exception.InnerException is CapReachedException);
}
