using LlmGuard.Execution;
using LlmGuard.Execution.Evaluations;
using Microsoft.Extensions.Logging;

namespace LlmGuard.Telemetry;

/// <summary>
/// The draft event <c>gen_ai.guardrail.result</c> of OpenTelemetry's GenAI conventions (pull request 427, fourth revision): a log record whose
/// event name is the event's, and whose level is that of audit records: Debug where an entry has nothing to say, else Information. The level of the
/// logging category is the opt-in; the names change with the draft.
/// </summary>
internal sealed class GenAiGuardrailEvents(ILogger logger)
{
    /// <summary>The logging category.</summary>
    public const string Category = "Experimental.LlmGuard";

    private static readonly EventId Event = new(1, "gen_ai.guardrail.result");

    /// <summary>Whether the application wants to be told of entries that have nothing to say, too.</summary>
    public bool TellsPassed => logger.IsEnabled(LogLevel.Debug);

    /// <summary>Emits the result of one evaluation, in this library's own words as the draft asks.</summary>
    public void Emit(Conclusion conclusion, GuardrailStage stage, string revision)
    {
        var level = conclusion is { Failure: null, Outcome: VerdictOutcome.Allow } ? LogLevel.Debug : LogLevel.Information;
        if (conclusion.WasCancelled || !logger.IsEnabled(level))
        {
            return;
        }

        KeyValuePair<string, object?>[] attributes =
        [
            new("gen_ai.guardrail.component.name", conclusion.Entry.Plugin.Name),
            new("gen_ai.guardrail.policy.id", conclusion.Entry.Key.Id),
            new("gen_ai.guardrail.policy.version", revision),
            new("gen_ai.guardrail.result.type", conclusion.Failure is null ? "outcome" : "failure"),
            new("gen_ai.guardrail.result.value", conclusion.Failure is null ? Words.Of(conclusion.Outcome) : Words.Of(conclusion.Failure.Class)),
            new("gen_ai.guardrail.result.reason", conclusion.Failure?.Reason
                ?? (conclusion.Refusal?.Reason is { } reason ? ReasonCodes.Clean(reason) : null)),
            new("gen_ai.guardrail.source", Words.Of(stage)),
        ];
        logger.Log(level, Event, attributes, null, static (_, _) => "gen_ai.guardrail.result");
    }
}
