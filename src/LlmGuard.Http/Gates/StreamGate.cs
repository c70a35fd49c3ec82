using LlmGuard.Execution;
using LlmGuard.Http.Dialects;
using LlmGuard.Http.Streams;
using LlmGuard.Http.Wire;
using LlmGuard.Http.Wire.Bodies;
using LlmGuard.Http.Wire.Heads;
using LlmGuard.Http.Wire.Streams.Live;
using LlmGuard.Planning;

namespace LlmGuard.Http.Gates;

/// <summary>Tells which answers are judged while they arrive, and begins with them. The same for both HTTP seams.</summary>
internal static class StreamGate
{
    /// <summary>
    /// Whether an answer is judged while it arrives: an enforcing entry reads it or undoes its masks in it, it is an event stream, JSON lines or binary messages, and nothing
    /// about it makes it an answer to be judged whole.
    /// </summary>
    /// <param name="plan">The plan.</param>
    /// <param name="head">The answer's head.</param>
    public static bool Applies(EffectivePlan plan, WireHead head) =>
        ((plan[GuardrailStage.PreResponse].EnforcedNeeds & GuardrailNeeds.Content) != 0 || plan.Restores)
        && plan.Streaming.WhyHeld is null
        && (int?)head.Status is >= 200 and < 300 and not (204 or 206)
        && head.Method != "HEAD"
        && StreamCoding.IsReadable(Single(head, "content-encoding"))
        && FormOf(head) is not null;

    /// <summary>Begins with an answer: has the entries that read the head decide.</summary>
    public static async ValueTask<StreamOpening> OpenAsync(
        GuardedCall call, WireHead head, HeldBytesBudget budget, CancellationToken cancellationToken)
    {
        call.DescribeResponse((int?)head.Status);
        var run = call.BeginStream();
        var builder = new GuardrailContentBuilder();
        var needs = call.Plan[GuardrailStage.PreResponse].EnforcedNeeds;
        var segments = HeadSegments.Read(head, needs, builder);
        WireRewrite? rewrite = null;
        if (segments is null)
        {
            run.Fail(FailureReasons.Undecodable);
        }
        else
        {
            var content = builder.Build();
            var edits = (await run.JudgeHeadAsync(content, cancellationToken).ConfigureAwait(false)).Edits;
            if (!run.IsStopped && edits.Length > 0)
            {
                rewrite = segments.EditHeaders(content, edits) is { } headers ? new WireRewrite { Headers = headers } : null;
                if (rewrite is null)
                {
                    run.Fail(FailureReasons.MaskNotApplicable);
                }
            }
        }

        if (run.IsStopped)
        {
            return new StreamOpening(null, run.Conclude(null).Refusal, null, null);
        }

        var guard = new StreamGuard(
            run, head.Dialect ?? DialectRegistry.FromPath(head.Method, head.RawPath), FormOf(head)!.Value, call.Id, call.Plan.Limits, budget, cancellationToken);
        return new StreamOpening(guard, null, rewrite, Single(head, "content-encoding"));
    }

    private static StreamForm? FormOf(WireHead head) => TypeOf(head) switch
    {
        { IsAmazonEvents: true } => StreamForm.AmazonEvents,
        { IsUtf8: true, IsEventStream: true } => StreamForm.Events,
        { IsUtf8: true, IsJsonLines: true } => StreamForm.Lines,
        _ => null,
    };

    private static MediaType? TypeOf(WireHead head) => MediaType.TryParse(Single(head, "content-type"), out var type) ? type : null;

    private static string? Single(WireHead head, string name)
    {
        string? found = null;
        foreach (var (key, value) in head.Headers)
        {
            if (key.Equals(name, StringComparison.OrdinalIgnoreCase))
            {
                // Several values mean different things to different readers.
                found = found is null ? value : found + "," + value;
            }
        }

        return found ?? (name == "content-type" ? head.ContentType : null);
    }
}

/// <summary>An answer that begins.</summary>
/// <param name="Guard">Its guard; null when it is refused.</param>
/// <param name="Refusal">Why it is refused before anything of it leaves.</param>
/// <param name="Head">What changes in its head, or null.</param>
/// <param name="Coding">Its content coding, or null.</param>
internal readonly record struct StreamOpening(StreamGuard? Guard, Refusal? Refusal, WireRewrite? Head, string? Coding);
