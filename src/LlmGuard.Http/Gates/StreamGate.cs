using LlmGuard.Execution.Background;
using LlmGuard.Http.Dialects;
using LlmGuard.Http.Streams;
using LlmGuard.Http.Wire;
using LlmGuard.Http.Wire.Bodies;
using LlmGuard.Http.Wire.Heads;
using LlmGuard.Http.Wire.Streams;
using LlmGuard.Http.Wire.Streams.Live;
using LlmGuard.Http.Wire.Streams.Live.Framing;
using LlmGuard.Planning;

namespace LlmGuard.Http.Gates;

/// <summary>Tells which answers are judged while they arrive, and begins with them. The same for both HTTP seams.</summary>
internal static class StreamGate
{
    /// <summary>
    /// Whether an answer is judged while it arrives: an enforcing entry reads it or undoes its masks in it, it is an event stream, JSON lines or
    /// binary messages, and nothing about it makes it an answer to be judged whole.
    /// </summary>
    /// <param name="plan">The plan.</param>
    /// <param name="head">The answer's head.</param>
    public static bool Applies(EffectivePlan plan, WireHead head) => MayArrive(plan, head) && FormOf(head) is not null;

    /// <summary>
    /// Whether an answer may be one that is judged while it arrives although its type does not say so: the request asked for a stream in a dialect
    /// that is known. Its first bytes tell (<see cref="TryTell"/>).
    /// </summary>
    /// <param name="plan">The plan.</param>
    /// <param name="head">The answer's head.</param>
    public static bool DependsOnStart(EffectivePlan plan, WireHead head) =>
        head.IsStreaming
        && MayArrive(plan, head)
        && DialectOf(head) is not null
        && MediaType.TryParse(Single(head, "content-type"), out var type)
        && StreamStart.MayMislead(type);

    /// <summary>Tells how an answer is framed by its first bytes.</summary>
    /// <param name="head">The answer's head.</param>
    /// <param name="start">What has come of it, as it came.</param>
    /// <param name="form">The form, or null when it is to be judged whole.</param>
    /// <returns>False when more has to come before it can be told.</returns>
    public static bool TryTell(WireHead head, ReadOnlyMemory<byte> start, out StreamForm? form)
    {
        var decoded = StreamCoding.DecodeStart(start, Single(head, "content-encoding"), StreamStart.MaxLength);
        return StreamStart.TryTell(decoded.Span, DialectOf(head)!, out form) || start.Length >= StreamStart.MaxLength
            || decoded.Length >= StreamStart.MaxLength;
    }

    /// <summary>Begins with an answer: has the entries that read the head decide.</summary>
    /// <param name="call">The call.</param>
    /// <param name="head">The answer's head.</param>
    /// <param name="told">How the answer is framed where its first bytes have told; null where its head does.</param>
    /// <param name="budget">The process-wide room.</param>
    /// <param name="cancellationToken">The caller's cancellation.</param>
    public static async ValueTask<StreamOpening> OpenAsync(
        GuardedCall call,
        WireHead head,
        StreamForm? told,
        HeldBytesBudget budget,
        CancellationToken cancellationToken)
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

        var form = told ?? FormOf(head)!.Value;
        var ending = new StreamEnding(form, call.Id, RequestTarget.Model(head.RawPath)?.Name);
        var guard = new StreamGuard(run, DialectOf(head), form, ending, call.Plan.Limits, budget, cancellationToken);
        return new StreamOpening(guard, null, rewrite, Single(head, "content-encoding"));
    }

    private static bool MayArrive(EffectivePlan plan, WireHead head) =>
        ((plan[GuardrailStage.PreResponse].EnforcedNeeds & GuardrailNeeds.Content) != 0 || plan.Restores)
        && plan.Streaming.WhyHeld is null
        && (int?)head.Status is >= 200 and < 300 and not (204 or 206)
        && head.Method != "HEAD"
        && StreamCoding.IsReadable(Single(head, "content-encoding"));

    private static string? DialectOf(WireHead head) => head.Dialect ?? DialectRegistry.FromPath(head.Method, head.RawPath);

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
        for (var i = 0; i < head.Headers.Count; i++)
        {
            var (key, value) = head.Headers[i];
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
