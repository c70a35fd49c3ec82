using LlmGuard.Execution.Evaluations;
using LlmGuard.Planning;

namespace LlmGuard.Execution;

/// <summary>
/// A stage's entries one after the other, inline, for as long as none has anything to say: then all there is to write down is how long each took. The
/// first that does say something ends it, and a <see cref="StageRun"/> goes on from there.
/// </summary>
/// <param name="Elapsed">How long each entry took that has let the content pass.</param>
/// <param name="End">Where it ended before the last entry had passed; null when all have.</param>
internal readonly record struct QuietPass(PassedTimes Elapsed, QuietPassEnd? End)
{
    // One that this thread has lent and taken back. Nothing waits while it is lent, so that no other call can ask for it meanwhile.
    [ThreadStatic]
    private static GuardrailCall? _spare;

    /// <summary>Whether a stage can be run this way, and nobody wants more of it than its metrics tell when it passes.</summary>
    public static bool Applies(ExecutionServices services, EffectivePlan plan, GuardrailStage stage)
    {
        var entries = plan[stage];
        return entries.IsInline
            && !plan.Restores
            && (stage < GuardrailStage.PreResponse || (entries.Needs & GuardrailNeeds.RequestContent) == 0)
            && !services.AreStagesWatched;
    }

    /// <summary>Runs the entries.</summary>
    /// <param name="services">The engine's services.</param>
    /// <param name="plan">What runs.</param>
    /// <param name="stage">The stage.</param>
    /// <param name="content">Its content.</param>
    /// <param name="facts">What else the entries see of the call.</param>
    /// <param name="cancellation">The caller's cancellation.</param>
    /// <exception cref="OperationCanceledException">The caller cancelled.</exception>
    public static QuietPass Run(
        ExecutionServices services, StagePlan plan, GuardrailStage stage, GuardrailContent content, CallFacts facts, CancellationToken cancellation)
    {
        var entries = plan.Sequential;
        var elapsed = new PassedTimes(entries.Length);
        var lent = plan.LendsCalls ? TakeSpare() : null;
        var started = services.Time.GetTimestamp();
        for (var i = 0; i < entries.Length; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            var entry = entries[i];
            if (services.Abandoned.AreTooMany(entry.Evaluator))
            {
                return new QuietPass(elapsed, new QuietPassEnd(i, elapsed, null, default, started));
            }

            var view = EntryContent.For(entry, content);
            lent?.Lend(facts, stage, view, entry.Key, entry.Timeout);
            var judged = lent ?? facts.ViewFor(entry, stage, view);
            var evaluation = EvaluationRunner.Begin(entry, judged, cancellation);
            if (!evaluation.IsCompletedSuccessfully)
            {
                return new QuietPass(elapsed, new QuietPassEnd(i, elapsed, judged, evaluation, started));
            }

            var verdict = evaluation.Result;
            if (!ReferenceEquals(verdict, GuardrailVerdict.Allow))
            {
                return new QuietPass(elapsed, new QuietPassEnd(i, elapsed, judged, new ValueTask<GuardrailVerdict>(verdict), started));
            }

            // Looking at the clock costs as much as a small evaluation, so the end of one is the beginning of the next.
            var ended = services.Time.GetTimestamp();
            elapsed[i] = services.Time.GetElapsedTime(started, ended);
            started = ended;
            facts.Return(judged);
        }

        cancellation.ThrowIfCancellationRequested();
        lent?.TakeBack();
        _spare = lent;
        return new QuietPass(elapsed, null);
    }

    /// <summary>Tells the metrics of a stage that has passed.</summary>
    public void Report(ExecutionServices services, StagePlan plan, GuardrailStage stage)
    {
        services.Telemetry.Decided(stage, GuardrailAction.Allow, plugin: null);
        for (var i = 0; i < plan.Sequential.Length; i++)
        {
            services.Telemetry.Evaluated(plan.Sequential[i], Elapsed[i], stage);
        }
    }

    private static GuardrailCall TakeSpare()
    {
        var spare = _spare ?? new GuardrailCall();
        _spare = null;
        return spare;
    }
}

/// <summary>Where a <see cref="QuietPass"/> has ended.</summary>
/// <param name="Index">The entry that ended it; all before it have let the content pass.</param>
/// <param name="Elapsed">How long those took.</param>
/// <param name="Call">What its evaluator was given and may still hold; null when it has not been asked.</param>
/// <param name="Evaluation">The evaluation, if it was asked: a verdict, a failure, or one that has not come to its end.</param>
/// <param name="Started">When that began.</param>
internal sealed record QuietPassEnd(int Index, PassedTimes Elapsed, GuardrailCall? Call, ValueTask<GuardrailVerdict> Evaluation, long Started);
