using LlmGuard.Caching;
using LlmGuard.Planning;

namespace LlmGuard.Execution.Evaluations;

/// <summary>Runs one entry's evaluator and turns whatever it does into a conclusion.</summary>
internal static class EvaluationRunner
{
    /// <inheritdoc cref="RunAsync(GuardedCallCore, PlanEntry, in StageContent, CancellationToken, ref long)"/>
    public static ValueTask<Conclusion> RunAsync(GuardedCallCore call, PlanEntry entry, in StageContent content, CancellationToken pointless)
    {
        var clock = 0L;
        return RunAsync(call, entry, content, pointless, ref clock);
    }

    /// <summary>Evaluates. Never throws; a caller's or sibling's cancellation gives a cancelled conclusion.</summary>
    /// <param name="call">The call.</param>
    /// <param name="entry">The entry.</param>
    /// <param name="content">The content as the entry finds it.</param>
    /// <param name="pointless">Signals that nobody wants the conclusion any more.</param>
    /// <param name="clock">When the evaluation before this one ended, if it was an inline one and nothing worth measuring has come between; else
    /// 0.</param>
    public static ValueTask<Conclusion> RunAsync(
        GuardedCallCore call, PlanEntry entry, in StageContent content, CancellationToken pointless, ref long clock)
    {
        var view = EntryContent.For(entry, content.Content);
        UnknownSegments? unknown = null;
        if (entry.CacheKeys is not null && content.Hashes is { } hashes)
        {
            clock = 0;
            hashes.TurnTo(content.Content);
            unknown = call.Services.Clean.Reduce(entry, content.Stage, view, hashes);
            view = unknown.Content;
            if (view.Count == 0)
            {
                return new ValueTask<Conclusion>(new Conclusion { Entry = entry });
            }
        }

        var judged = call.ViewFor(entry, content.Stage, view);
        var input = new EntryInput(entry, judged, content.Earlier, call.Plan.Limits.MaxFindings, content.IsDetached, unknown);
        if (entry.Plugin.RunsInline)
        {
            // One that waits, although it said that it would not, may run on as well as any other.
            if (call.Services.Abandoned.AreTooMany(entry.Evaluator))
            {
                clock = 0;
                call.States.Return(judged);
                return new ValueTask<Conclusion>(Conclusion.Failed(entry, OwnFailureClass(entry), FailureReasons.Abandoned, TimeSpan.Zero));
            }

            return RunInline(call, input, pointless, ref clock);
        }

        clock = 0;
        return new ValueTask<Conclusion>(DeadlineEvaluation.StartAsync(call.Services, call, input, pointless));
    }

    /// <summary>
    /// The class of a failure the evaluator did not name: what a local plugin does wrong can be brought about by content, while a remote judge
    /// that throws or is late counts as not there.
    /// </summary>
    public static FailureClass OwnFailureClass(PlanEntry entry) => entry.Plugin.SendsContentOut ? FailureClass.Availability : FailureClass.Input;

    public static Conclusion Threw(ExecutionServices services, PlanEntry entry, Exception exception, TimeSpan elapsed)
    {
        // Only the type: a message may quote what the plugin was reading.
        services.Log.EvaluatorThrew(entry.Plugin.Name, entry.Key.Id, exception.GetType().FullName);
        var reason = entry.Plugin.SendsContentOut ? FailureReasons.Transport : FailureReasons.Exception;
        return Conclusion.Failed(entry, OwnFailureClass(entry), reason, elapsed);
    }

    private static ValueTask<Conclusion> RunInline(GuardedCallCore call, in EntryInput input, CancellationToken pointless, ref long clock)
    {
        // Looking at the clock costs as much as a small evaluation, so the end of one is the beginning of the next.
        var time = call.Services.Time;
        var started = clock == 0 ? time.GetTimestamp() : clock;
        return ConcludeInline(call, input, Begin(input.Entry, input.Call, pointless), started, pointless, ref clock);
    }

    /// <summary>Begins an inline evaluation. Never throws: what the evaluator throws is what its task fails with.</summary>
    public static ValueTask<GuardrailVerdict> Begin(PlanEntry entry, GuardrailCall judged, CancellationToken pointless)
    {
        try
        {
            return entry.Evaluator.EvaluateAsync(judged, pointless);
        }
        catch (Exception exception)
        {
            return ValueTask.FromException<GuardrailVerdict>(exception);
        }
    }

    /// <summary>Goes on from an inline evaluation that has begun.</summary>
    /// <param name="call">The call.</param>
    /// <param name="input">What is evaluated.</param>
    /// <param name="evaluation">The evaluation.</param>
    /// <param name="started">When it began.</param>
    /// <param name="pointless">Signals that nobody wants the conclusion any more.</param>
    /// <param name="clock">When it ended, if nothing worth measuring comes after that; else 0.</param>
    public static ValueTask<Conclusion> ConcludeInline(
        GuardedCallCore call,
        in EntryInput input,
        in ValueTask<GuardrailVerdict> evaluation,
        long started,
        CancellationToken pointless,
        ref long clock)
    {
        var time = call.Services.Time;
        clock = 0;
        if (!evaluation.IsCompleted)
        {
            return new ValueTask<Conclusion>(DeadlineEvaluation.AdoptAsync(call.Services, call, input, evaluation, pointless));
        }

        Conclusion conclusion;
        try
        {
            var verdict = evaluation.GetAwaiter().GetResult();
            var ended = time.GetTimestamp();
            // A deadline bounds waiting, and nothing was waited for. What the whole content was read for counts, however slow the machine was: a busy
            // one, or a first call that compiles, is no fault of the content's.
            conclusion = VerdictReader.Read(input, verdict, time.GetElapsedTime(started, ended));
            clock = conclusion.Edits.Length == 0 ? ended : 0;
        }
        catch (OperationCanceledException) when (pointless.IsCancellationRequested)
        {
            conclusion = Conclusion.Cancelled(input.Entry, time.GetElapsedTime(started));
        }
        catch (Exception exception)
        {
            // A plugin's exception is that evaluation's failure, whatever it is.
            conclusion = Threw(call.Services, input.Entry, exception, time.GetElapsedTime(started));
        }

        input.Settle(conclusion, pointless.IsCancellationRequested);
        call.States.Return(input.Call);
        return new ValueTask<Conclusion>(conclusion);
    }
}
