using LlmGuard.Execution;
using LlmGuard.Http.Gates;
using LlmGuard.Http.Wire;
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
        var limit = BodyBounds.Of(plan).MaxBytes;
        var buffer = new CappedBuffer(limit);
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
            // What was collected is one byte over the limit, which the bounded reader reports.
        }

        return await BoundedBody.ReadAsync(
            buffer.Rewound(),
            HeaderList.Values(content.Headers, "Content-Encoding"),
            limit,
            plan.Limits,
            budget,
            cancellationToken).ConfigureAwait(false);
    }

    private static bool IsCap(Exception exception) =>
        exception is CapReachedException || (exception is HttpRequestException && exception.InnerException is CapReachedException);
}
