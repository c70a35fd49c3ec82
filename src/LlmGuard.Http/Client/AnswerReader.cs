using LlmGuard.Execution.Background;
using LlmGuard.Http.Wire;
using LlmGuard.Planning;

namespace LlmGuard.Http.Client;

/// <summary>Holds an answer whole, within the plan's bounds.</summary>
internal static class AnswerReader
{
    /// <summary>Whether an answer has a body, and one that ends before the caller has said more.</summary>
    public static bool HasBody(HttpResponseMessage response, WireHead head) =>
        head.Method != "HEAD" && (int)response.StatusCode is not (< 200 or 204 or 304) && !WireReader.IsAnswerOfConversation(head);

    /// <summary>The body, or null when there is none (<see cref="HasBody"/>).</summary>
    public static async ValueTask<BoundedBody?> ReadAsync(
        HttpResponseMessage response,
        WireHead head,
        EffectivePlan plan,
        HeldBytesBudget budget,
        CancellationToken cancellationToken)
    {
        if (!HasBody(response, head))
        {
            return null;
        }

        var stream = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        return await BoundedBody.ReadAsync(
            stream,
            HeaderList.Values(response.Content.Headers, "Content-Encoding"),
            plan.Limits.MaxBodyBytes,
            plan.Limits,
            budget,
            cancellationToken,
            statedLength: response.Content.Headers.ContentLength).ConfigureAwait(false);
    }
}
