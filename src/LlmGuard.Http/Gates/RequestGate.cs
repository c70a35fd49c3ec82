using LlmGuard.Execution;
using LlmGuard.Http.Dialects;
using LlmGuard.Http.Wire;
using LlmGuard.Http.Wire.Heads;
using LlmGuard.Planning;

namespace LlmGuard.Http.Gates;

/// <summary>From a request as it was read to the request that may be sent on. The same for both HTTP seams.</summary>
internal static class RequestGate
{
    private const GuardrailNeeds OfBody = GuardrailNeeds.Content | GuardrailNeeds.BodyMetrics;
    private const GuardrailNeeds OfHead = GuardrailNeeds.Headers | GuardrailNeeds.PathAndQuery;

    /// <summary>Judges a request at <see cref="GuardrailStage.PreRequest"/> and prepares what the decision changes.</summary>
    /// <param name="call">The call.</param>
    /// <param name="head">What surrounds the body.</param>
    /// <param name="body">The body as read, or null when it was not needed or there is none.</param>
    /// <param name="hasBody">Whether the request has a body.</param>
    /// <param name="contentLength">The stated Content-Length, or null.</param>
    /// <param name="cancellationToken">The caller's cancellation.</param>
    public static async ValueTask<GateResult> JudgeAsync(
        GuardedCall call,
        WireHead head,
        BoundedBody? body,
        bool hasBody,
        long? contentLength,
        CancellationToken cancellationToken)
    {
        var metrics = new BodyMetrics
        {
            HasBody = hasBody,
            ContentLength = contentLength,
            WireBytes = body?.WireBytes ?? 0,
            DecodedBytes = body?.Bytes.Length ?? 0,
        };
        if (body?.Failure is { } failure)
        {
            return await JudgeUnreadAsync(call, head, failure, body.StatusCode, metrics, body.Detail, cancellationToken).ConfigureAwait(false);
        }

        var plan = call.Plan;
        var needs = Needs(plan);
        var depth = BodyBounds.Of(plan).MaxDepth;
        var limits = depth == plan.Limits.MaxDepth ? plan.Limits : plan.Limits with { MaxDepth = depth };
        head = plan.Dialect is null ? head : head with { Dialect = plan.Dialect };
        var memory = new ContentMemory();
        call.AttachBuffers(memory);
        var read = WireReader.ReadRequest(head, body?.Bytes ?? default, body is not null && hasBody, needs, limits, memory);
        var enforced = plan[GuardrailStage.PreRequest].EnforcedNeeds | plan[GuardrailStage.PostRequest].EnforcedNeeds;
        var monitored = needs & OfHead & ~enforced;
        if (read.Message is null && monitored != 0 && (enforced & OfBody) != 0)
        {
            // What only monitors read of the head must not keep the others from reading the body.
            var failed = read.Failure!;
            read = WireReader.ReadRequest(head, body?.Bytes ?? default, body is not null && hasBody, needs & ~monitored, limits, memory);
            if (read.Message is not null)
            {
                call.LeaveUnread(isResponse: false, monitored, failed);
            }
        }

        if (read.Message is not { } message)
        {
            metrics = metrics with { IsTooDeep = read.IsTooDeep };
            return await JudgeUnreadAsync(call, head, read.Failure!, read.StatusCode, metrics, read.Detail, cancellationToken).ConfigureAwait(false);
        }

        metrics = metrics with { JsonDepth = message.JsonDepth, Messages = message.Messages };
        call.Describe(new RequestFacts
        {
            Dialect = message.Dialect,
            Headers = new RequestHeaders(head.Headers),
            MaxTokens = message.Asks.MaxTokens,
            Choices = message.Asks.Choices,
            Model = message.Model,
            IsStreaming = message.IsStreaming,
            HasServerState = plan.Restores && HasServerState(message),
            Conversation = message.Conversation,
            Body = (plan[GuardrailStage.PreRequest].Needs & GuardrailNeeds.BodyMetrics) != 0
                ? ContentMetrics.Measure(metrics, message.Content)
                : metrics,
        });
        var decision = await call.EvaluateAsync(GuardrailStage.PreRequest, message.Content, cancellationToken).ConfigureAwait(false);
        return await ConcludeAsync(call, message, decision).ConfigureAwait(false);
    }

    /// <summary>
    /// Whether the upstream may keep something of the request even if its answer never leaves: it asks for that, it is not one that a known
    /// dialect answers by a model, or nobody could read it.
    /// </summary>
    public static bool LeavesStateBehind(WireMessage? message, string method) =>
        message is null
        || message.CreatesServerState
        || (message.Dialect is null && method is not ("GET" or "HEAD" or "OPTIONS"));

    private static bool HasServerState(WireMessage message)
    {
        foreach (var segment in message.Content)
        {
            if (segment.Uninspected == UninspectedKind.ServerState)
            {
                return true;
            }
        }

        return message.CreatesServerState;
    }

    private static GuardrailNeeds Needs(EffectivePlan plan)
    {
        var needs = plan[GuardrailStage.PreRequest].Needs | plan[GuardrailStage.PostRequest].Needs;
        var later = plan[GuardrailStage.PreResponse].Needs | plan[GuardrailStage.PostResponse].Needs;
        if ((needs & GuardrailNeeds.BodyMetrics) != 0 || (later & GuardrailNeeds.RequestContent) != 0)
        {
            needs |= GuardrailNeeds.Content;
        }

        return needs;
    }

    /// <summary>
    /// Judges a request that could not be read. It is refused where an enforcing entry had to read it; else those that do without its body have their
    /// say all the same: a body that only monitors read must not be a way past the limits on calls, or past those who judge headers and path.
    /// </summary>
    /// <param name="call">The call.</param>
    /// <param name="head">What surrounds the body.</param>
    /// <param name="failure">Why it could not be read.</param>
    /// <param name="statusCode">What that is answered with where it is refused.</param>
    /// <param name="metrics">What is known of its body.</param>
    /// <param name="detail">What the caller is told beside the failure's reason, or null.</param>
    /// <param name="cancellationToken">The caller's cancellation.</param>
    public static async ValueTask<GateResult> JudgeUnreadAsync(
        GuardedCall call,
        WireHead head,
        GuardrailFailure failure,
        int statusCode,
        BodyMetrics metrics,
        string? detail,
        CancellationToken cancellationToken)
    {
        // What only monitors read of the head must not keep the others from reading theirs.
        var alone = ReadHead(call, head, Needs(call.Plan)) ?? ReadHead(call, head, call.Plan[GuardrailStage.PreRequest].EnforcedNeeds);
        var unread = alone is null ? OfBody | OfHead : OfBody;
        var isTooLarge = failure.Reason == FailureReasons.LimitExceeded && statusCode == 413;
        call.Describe(new RequestFacts
        {
            Dialect = alone?.Dialect,
            Headers = new RequestHeaders(head.Headers),
            Body = metrics with { IsTruncated = isTooLarge },
            IsBodyUnread = true,
            UnreadDetail = detail,
        });

        // Entries that look at sizes go first where the limit may be theirs.
        GuardrailDecision? failed = null;
        if (!isTooLarge && !(failed = await FailAsync(call, failure, statusCode, unread, detail).ConfigureAwait(false)).IsAllowed)
        {
            return new GateResult(failed, null, null);
        }

        var decision =
            await call.EvaluateAsync(GuardrailStage.PreRequest, alone?.Content ?? GuardrailContent.Empty, cancellationToken).ConfigureAwait(false);
        if (decision.IsAllowed && failed is null
            && !(failed = await FailAsync(call, failure, statusCode, unread, detail).ConfigureAwait(false)).IsAllowed)
        {
            return new GateResult(failed, null, null);
        }

        return alone is null
            ? new GateResult(decision, null, null)
            : await ConcludeAsync(call, alone, decision).ConfigureAwait(false) with { Message = null };
    }

    private static WireMessage? ReadHead(GuardedCall call, WireHead head, GuardrailNeeds needs)
    {
        var memory = new ContentMemory();
        call.AttachBuffers(memory);
        return WireReader.ReadRequest(head, default, hasBody: false, needs & OfHead, call.Plan.Limits, memory).Message;
    }

    private static async ValueTask<GateResult> ConcludeAsync(GuardedCall call, WireMessage message, GuardrailDecision decision)
    {
        if (!decision.IsAllowed || (decision.Edits.Count == 0 && decision.RequestChanges.Count == 0))
        {
            return new GateResult(decision, message, null);
        }

        var rewrite = message.Rewrite(decision.Edits, decision.RequestChanges);
        return rewrite.Failure is { } notApplied
            ? new GateResult(await call.FailAsync(GuardrailStage.PreRequest, notApplied, 403).ConfigureAwait(false), message, null)
            : new GateResult(decision, message, rewrite);
    }

    /// <summary>
    /// Records that a request could not be read. What no entry of <see cref="GuardrailStage.PreRequest"/> needs, one of
    /// <see cref="GuardrailStage.PostRequest"/> may, which would otherwise be shown nothing and allow it.
    /// </summary>
    private static async ValueTask<GuardrailDecision> FailAsync(
        GuardedCall call, GuardrailFailure failure, int statusCode, GuardrailNeeds unread, string? detail)
    {
        var decision = await call.FailAsync(GuardrailStage.PreRequest, failure, statusCode, unread, detail).ConfigureAwait(false);
        return decision.IsAllowed && !call.Plan[GuardrailStage.PostRequest].IsEmpty
            ? await call.FailAsync(GuardrailStage.PostRequest, failure, statusCode, unread, detail).ConfigureAwait(false)
            : decision;
    }
}

/// <summary>What a gate decided, the message it read, and what the decision changes in it.</summary>
/// <param name="Decision">The decision.</param>
/// <param name="Message">The message, or null when it could not be read.</param>
/// <param name="Rewrite">What changes, or null when nothing does.</param>
internal readonly record struct GateResult(GuardrailDecision Decision, WireMessage? Message, WireRewrite? Rewrite)
{
    /// <summary>The dialect whose usage event the client must not see: a policy asked for it and the client did not; else null.</summary>
    public Dialect? HiddenUsage =>
        Message is { AsksForUsage: false, IsStreaming: true } message && Decision.RequestChanges.Any(static c => c is RequestChange.ReportUsage)
            ? DialectRegistry.Find(message.Dialect)
            : null;
}
