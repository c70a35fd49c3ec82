using System.Runtime.CompilerServices;
using LlmGuard.Counters;
using LlmGuard.Plugins.TokenRateLimiter.Estimates;
using LlmGuard.Plugins.TokenRateLimiter.Pricing;
using LlmGuard.Plugins.TokenRateLimiter.Settings;

namespace LlmGuard.Plugins.TokenRateLimiter;

/// <summary>Reserves what a call may cost before it is made, and settles when it is known.</summary>
internal sealed class TokenEvaluator(TokenSettings settings, GuardrailCounters counters, ITokenCounter? tokens) : IGuardrailEvaluator
{
    // The dialects whose streams tell no usage unless asked.
    private static readonly string[] SilentDialects = ["openai.chat_completions", "openai.completions"];
    private static readonly GuardrailFinding Unidentified = new("identity_missing", "budget", Severity: FindingSeverity.Low);
    private static readonly GuardrailFinding Unpriced = new("model_not_priced", "budget");

    // An entry of the policy is one object for as long as a revision lasts.
    private readonly ConditionalWeakTable<GuardrailEntry, EntryBudgets> _budgets = [];
    private readonly OutputAverages _averages = new(settings.DefaultOutputTokens);

    public ValueTask<GuardrailVerdict> EvaluateAsync(GuardrailCall call, CancellationToken cancellationToken) =>
        call.Stage == GuardrailStage.PostResponse ? SettleAsync(call, cancellationToken) : AdmitAsync(call, cancellationToken);

    private static GuardrailVerdict Refuse(string reason, string message, string rule) =>
        GuardrailVerdict.Block(new GuardrailRefusal { StatusCode = 403, Message = message, Reason = reason }, new GuardrailFinding(rule, "budget"));

    /// <summary>Whether the call goes to a model, as far as one can see; others cost what they say in <c>usage</c>, if they do.</summary>
    private static bool GoesToModel(GuardrailCall call) => call.Dialect is not null || call.Model is not null;

    private async ValueTask<GuardrailVerdict> AdmitAsync(GuardrailCall call, CancellationToken cancellationToken)
    {
        var model = call.Model;
        if (GoesToModel(call) && !settings.Cap.Allows(model, settings.Prices))
        {
            if (settings.Cap.OnViolation == ExceededBehavior.Reject || !settings.Cap.Allows(settings.Cap.DowngradeTo, settings.Prices))
            {
                return Refuse("model_too_expensive", "The model is too expensive for this policy.", "cost_cap");
            }

            model = settings.Cap.DowngradeTo;
        }

        var budgets = _budgets.GetValue(call.Entry, entry => new EntryBudgets(entry, settings));
        var demand = Demand.Of(call, settings, budgets, model, Estimate(call, model));
        if (demand.IsRefused)
        {
            return Refuse("identity_missing", "The caller could not be identified.", "identity_missing");
        }

        if (IsUnpriced(call, demand) && settings.RefusesUnpriced)
        {
            return Refuse("model_not_priced", "The model has no price in this policy.", "model_not_priced");
        }

        var reservation = await ReserveAsync(demand, cancellationToken).ConfigureAwait(false);
        if (!reservation.IsCharged && settings.OnExceeded == ExceededBehavior.Downgrade && GoesToModel(call) && model != settings.DowngradeTo)
        {
            var cheaper = Demand.Of(call, settings, budgets, settings.DowngradeTo, Estimate(call, settings.DowngradeTo));
            var second = await ReserveAsync(cheaper, cancellationToken).ConfigureAwait(false);
            if (second.IsCharged)
            {
                (demand, reservation) = (cheaper, second);
            }
        }

        call.State.Value = new TokenReservation(settings, demand, reservation);
        return Verdict(call, demand, reservation).WithResponseHeaders(TokenHeaders.Of(settings, demand, reservation));
    }

    private async ValueTask<GuardrailVerdict> SettleAsync(GuardrailCall call, CancellationToken cancellationToken)
    {
        if (call.State.Value is not TokenReservation reservation)
        {
            return GuardrailVerdict.Allow;
        }

        if (call.Usage?.Output is { } output && call.Ending == CallEnding.Completed)
        {
            _averages.Learn(reservation.Model, output / Math.Max(1, call.Choices));
        }

        try
        {
            await reservation.SettleAsync(call, cancellationToken).ConfigureAwait(false);
            return GuardrailVerdict.Allow;
        }
        catch (CounterStoreException)
        {
            return GuardrailVerdict.Fail(FailureClass.Availability, FailureReasons.CounterUnavailable);
        }
    }

    private ValueTask<CounterReservation> ReserveAsync(Demand demand, CancellationToken cancellationToken) =>
        counters.ChargeAsync([.. demand.Charges.Select(static c => c.Charge)], cancellationToken);

    private TokenCount Estimate(GuardrailCall call, string? model)
    {
        var input = PromptEstimate.Of(call, settings.OpaqueTokens, tokens);
        if (!GoesToModel(call))
        {
            return new TokenCount(input, 0);
        }

        var each = Math.Min(call.MaxTokens ?? _averages.Of(model), settings.MaxTokens ?? long.MaxValue);
        var output = (decimal)each * Math.Max(1, call.Choices);
        return new TokenCount(input, (long)Math.Min(CounterLimit.MaxValue, output));
    }

    private bool IsUnpriced(GuardrailCall call, Demand demand) => settings.Unit == BudgetUnit.Dollars && demand.Price is null && GoesToModel(call);

    private GuardrailVerdict Verdict(GuardrailCall call, Demand demand, CounterReservation reservation)
    {
        if (!reservation.IsCharged)
        {
            var first = reservation.States.TakeWhile(static s => !s.IsExceeded).Count();
            var reason = demand.Kinds[first] switch
            {
                BudgetKind.Requests => "requests_per_minute_exceeded",
                BudgetKind.Concurrency => "concurrency_limit_exceeded",
                _ => settings.Unit == BudgetUnit.Tokens ? "token_budget_exceeded" : "dollar_budget_exceeded",
            };
            return GuardrailVerdict.Block(
                new GuardrailRefusal { Reason = reason, Message = $"{reason.Replace('_', ' ')}: {demand.Charges[first].Name}" },
                new GuardrailFinding(demand.Charges[first].Name, "budget"));
        }

        if (reservation.IsDegraded)
        {
            // Counted here alone meanwhile: whether that will do is on_error's to say.
            return GuardrailVerdict.Fail(FailureClass.Availability, FailureReasons.CounterUnavailable);
        }

        List<GuardrailFinding> findings = [];
        if (demand.IsIncomplete)
        {
            findings.Add(Unidentified);
        }

        if (IsUnpriced(call, demand))
        {
            findings.Add(Unpriced);
        }

        var changes = Changes(call, demand);
        return changes.Count > 0 ? GuardrailVerdict.Modify(changes, findings)
            : findings.Count > 0 ? GuardrailVerdict.Flag(findings) : GuardrailVerdict.Allow;
    }

    private List<RequestChange> Changes(GuardrailCall call, Demand demand)
    {
        List<RequestChange> changes = [];
        if (demand.Model is { } model && model != call.Model)
        {
            changes.Add(new RequestChange.Model(model));
        }

        if (settings.MaxTokens is { } most && call.Dialect is not null && (call.MaxTokens is null || call.MaxTokens > most))
        {
            changes.Add(new RequestChange.MaxTokens(most));
        }

        if (call.IsStreaming && SilentDialects.Contains(call.Dialect))
        {
            changes.Add(new RequestChange.ReportUsage());
        }

        return changes;
    }
}
