using LlmGuard.Http.Wire;
using LlmGuard.Planning;

namespace LlmGuard.Http.Gates;

/// <summary>From an answer as it was read to the answer that may leave. The same for both HTTP seams.</summary>
internal static class ResponseGate
{
    private const int BadGateway = 502;
    private const GuardrailNeeds OfBody = GuardrailNeeds.Content | GuardrailNeeds.BodyMetrics | GuardrailNeeds.Usage;

    /// <summary>Whether the plan reads answers, so that one has to be held whole before it leaves.</summary>
    public static bool IsAnswerNeeded(EffectivePlan plan) => !plan[GuardrailStage.PreResponse].IsEmpty || plan.Restores || ReadsAfterwards(plan);

    /// <summary>Judges an answer at <see cref="GuardrailStage.PreResponse"/> and prepares what the decision changes.</summary>
    /// <param name="call">The call.</param>
    /// <param name="head">What surrounds the body; its dialect is the request's.</param>
    /// <param name="body">The body as read, or null when there is none.</param>
    /// <param name="cancellationToken">The caller's cancellation.</param>
    public static async ValueTask<GateResult> JudgeAsync(GuardedCall call, WireHead head, BoundedBody? body, CancellationToken cancellationToken)
    {
        call.DescribeResponse((int?)head.Status);
        if (body?.Failure is { } failure)
        {
            return await FailAsync(call, failure, body.StatusCode == 503 ? 503 : BadGateway, body.Detail).ConfigureAwait(false);
        }

        if ((int?)head.Status == 206)
        {
            var partial = new GuardrailFailure(FailureClass.Output, FailureReasons.Undecodable);
            return await FailAsync(call, partial, BadGateway, "it is a part of a whole (206)").ConfigureAwait(false);
        }

        var needs = call.Plan[GuardrailStage.PreResponse].Needs | call.Plan[GuardrailStage.PostResponse].Needs;
        if ((needs & GuardrailNeeds.Usage) != 0 || call.Plan.Restores)
        {
            needs |= GuardrailNeeds.Content;
        }

        var memory = new ContentMemory();
        call.AttachBuffers(memory);
        var read = WireReader.ReadResponse(head, body?.Bytes ?? default, body is not null, needs, call.Plan.Limits, memory);
        if (read.Message is { } message)
        {
            return await ConcludeAsync(call, message, cancellationToken).ConfigureAwait(false);
        }

        return ReadHead(call, head, read.Failure!) is { } headers
            ? await ConcludeAsync(call, headers, cancellationToken).ConfigureAwait(false) with { Message = null }
            : await FailAsync(call, read.Failure!, BadGateway, read.Detail).ConfigureAwait(false);
    }

    /// <summary>
    /// Reads the headers of an answer in whose body only monitors wanted to read, and could not, for enforcing entries that do without it; null where
    /// one needs the body, or none needs the headers either.
    /// </summary>
    private static WireMessage? ReadHead(GuardedCall call, WireHead head, GuardrailFailure failure)
    {
        var enforced = call.Plan[GuardrailStage.PreResponse].EnforcedNeeds;
        if ((enforced & OfBody) != 0 || call.Plan.Restores || (enforced & GuardrailNeeds.Headers) == 0)
        {
            return null;
        }

        var memory = new ContentMemory();
        call.AttachBuffers(memory);
        var message = WireReader.ReadResponse(head, default, hasBody: false, GuardrailNeeds.Headers, call.Plan.Limits, memory).Message;
        if (message is not null)
        {
            call.LeaveUnread(isResponse: true, OfBody, failure with { Class = failure.Class == FailureClass.Input
                ? FailureClass.Output
                : failure.Class });
        }

        return message;
    }

    private static async ValueTask<GateResult> ConcludeAsync(GuardedCall call, WireMessage message, CancellationToken cancellationToken)
    {
        var decision = await call.EvaluateAsync(GuardrailStage.PreResponse, message.Content, cancellationToken).ConfigureAwait(false);
        if (!decision.IsAllowed || decision.Edits.Count == 0)
        {
            return new GateResult(decision, message, null);
        }

        var rewrite = message.Rewrite(decision.Edits, []);
        return rewrite.Failure is { } notApplied
            ? await FailAsync(call, notApplied, BadGateway, detail: null).ConfigureAwait(false)
            : new GateResult(decision, message, rewrite);
    }

    private static bool ReadsAfterwards(EffectivePlan plan) =>
        (plan[GuardrailStage.PostResponse].Needs & (GuardrailNeeds.Content | GuardrailNeeds.Usage)) != 0;

    /// <summary>
    /// What cannot be read of an answer is the upstream's doing, whatever class the reader gave it. Its headers go unjudged with it.
    /// </summary>
    private static async ValueTask<GateResult> FailAsync(GuardedCall call, GuardrailFailure failure, int statusCode, string? detail) => new(
        await call.FailAsync(
            GuardrailStage.PreResponse,
            failure.Class == FailureClass.Input ? failure with { Class = FailureClass.Output } : failure,
            statusCode,
            GuardrailNeeds.Content | GuardrailNeeds.Headers,
            detail).ConfigureAwait(false),
        null,
        null);
}
