using LlmGuard.AspNetCore.Requests;
using LlmGuard.Http.Wire;

namespace LlmGuard.AspNetCore.Tunnels;

/// <summary>Judges a tunnel by what can be seen of it: its head. What goes through it is uninspected content, with a policy of its own.</summary>
internal static class TunnelGate
{
    private static readonly SegmentInfo Inside = new() { Kind = SegmentKind.Unknown };

    public static async ValueTask<Refusal?> JudgeAsync(IncomingCall incoming)
    {
        var plan = incoming.Plan;
        var needs =
            (plan[GuardrailStage.PreRequest].Needs | plan[GuardrailStage.PostRequest].Needs) & ~(GuardrailNeeds.Content | GuardrailNeeds.BodyMetrics);
        var read = WireReader.ReadRequest(RequestHead.Of(incoming), default, hasBody: false, needs, plan.Limits);
        if (read.Message is not { } message)
        {
            const GuardrailNeeds Unread = GuardrailNeeds.Content | GuardrailNeeds.Headers | GuardrailNeeds.PathAndQuery;
            var failed = await incoming.Call.FailAsync(
                GuardrailStage.PreRequest,
                read.Failure!,
                read.StatusCode,
                Unread,
                read.Detail).ConfigureAwait(false);
            return failed.Refusal ?? (await EvaluateAsync(incoming, GuardrailContent.Empty).ConfigureAwait(false)).Refusal;
        }

        incoming.Message = message;
        incoming.Call.Describe(new RequestFacts { Dialect = message.Dialect });
        var decision = await EvaluateAsync(incoming, message.Content).ConfigureAwait(false);
        if (!decision.IsAllowed)
        {
            return decision.Refusal;
        }

        incoming.Content = decision.Content;
        if (decision.Edits.Count == 0 && decision.RequestChanges.Count == 0)
        {
            return null;
        }

        var rewrite = message.Rewrite(decision.Edits, decision.RequestChanges);
        if (rewrite.Failure is null && RequestRewrite.TryApply(incoming.Context, rewrite))
        {
            return null;
        }

        var failure = rewrite.Failure ?? new GuardrailFailure(FailureClass.Input, FailureReasons.MaskNotApplicable);
        return (await incoming.Call.FailAsync(GuardrailStage.PreRequest, failure, 403).ConfigureAwait(false)).Refusal;
    }

    private static ValueTask<GuardrailDecision> EvaluateAsync(IncomingCall incoming, GuardrailContent head) =>
        incoming.Call.EvaluateAsync(GuardrailStage.PreRequest, WithInside(head), incoming.Aborted);

    /// <summary>The opaque segment comes last, so that edits of the others keep their numbers.</summary>
    private static GuardrailContent WithInside(GuardrailContent head)
    {
        var builder = new GuardrailContentBuilder();
        foreach (var segment in head)
        {
            builder.AddText(segment.Utf8, segment.Data.Info);
        }

        builder.AddOpaque(UninspectedKind.Tunnel, Inside);
        return builder.Build();
    }
}
