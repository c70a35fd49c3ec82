using System.Runtime.CompilerServices;
using LlmGuard.AspNetCore.Refusals;
using LlmGuard.AspNetCore.Requests;
using LlmGuard.AspNetCore.Tunnels;
using LlmGuard.Http.Gates;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace LlmGuard.AspNetCore.Responses;

/// <summary>
/// Runs the rest of the pipeline with post_request beside it, and takes what it answers through <see cref="GuardrailStage.PreResponse"/>.
/// </summary>
internal sealed partial class ResponseStage(RefusalAnswer refusals, ILogger<ResponseStage> logger)
{
    public ValueTask RunAsync(IncomingCall incoming, RequestDelegate next) =>
        HiddenUsage.Install(incoming) is { } hidden ? RunAsync(incoming, next, hidden) : JudgeAsync(incoming, next);

    private async ValueTask RunAsync(IncomingCall incoming, RequestDelegate next, HiddenUsage hidden)
    {
        await JudgeAsync(incoming, next).ConfigureAwait(false);
        await hidden.EndAsync(incoming.Aborted).ConfigureAwait(false);
    }

    private ValueTask JudgeAsync(IncomingCall incoming, RequestDelegate next)
    {
        var runsBeside = !incoming.IsReexecuted && RunsBeside(incoming);
        return runsBeside || incoming.IsReexecuted || incoming.Plan[GuardrailStage.PostRequest].IsEmpty
            ? AnswerAsync(incoming, next, runsBeside)
            : JudgeFirstAsync(incoming, next);
    }

    private async ValueTask JudgeFirstAsync(IncomingCall incoming, RequestDelegate next)
    {
        var decision = await incoming.Call.EvaluateAsync(GuardrailStage.PostRequest, incoming.Content, incoming.Aborted).ConfigureAwait(false);
        if (decision.Refusal is { } refusal)
        {
            await refusals.WriteAsync(incoming, incoming.Context, refusal).ConfigureAwait(false);
        }
        else
        {
            await AnswerAsync(incoming, next, runsBeside: false).ConfigureAwait(false);
        }
    }

    private ValueTask AnswerAsync(IncomingCall incoming, RequestDelegate next, bool runsBeside)
    {
        var treatment = ResponseTreatments.Of(incoming.Plan);
        var isObserved = ResponseTreatments.IsObserved(incoming.Plan);
        var passes = treatment == ResponseTreatment.Pass && !runsBeside && !isObserved && !SwitchFeatures.IsNeeded(incoming.Context);
        return passes || Tunnel.IsGrpc(incoming)
            ? new ValueTask(next(incoming.Context))
            : GuardAsync(incoming, next, treatment, runsBeside, isObserved);
    }

    /// <summary>
    /// Entries that may block run beside the rest of the pipeline, except where that would leave something behind with the provider. Entries
    /// that only watch need no waiting for.
    /// </summary>
    private static bool RunsBeside(IncomingCall incoming)
    {
        var stage = incoming.Plan[GuardrailStage.PostRequest];
        return !(stage.Sequential.IsEmpty && stage.Parallel.IsEmpty)
            && !RequestGate.LeavesStateBehind(incoming.Message, incoming.Method)
            && !Tunnel.IsTunnel(incoming);
    }

    // This and what it waits for wait as long as the model takes, once for every request, and are kept by what earlier requests were kept by.
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask GuardAsync(IncomingCall incoming, RequestDelegate next, ResponseTreatment treatment, bool runsBeside, bool isObserved)
    {
        var context = incoming.Context;
        var limit = incoming.Plan.Limits.MaxBodyBytes;
        using var downstream = CancellationTokenSource.CreateLinkedTokenSource(incoming.Aborted);
        var held = Attached(incoming, limit);
        var response = new GuardedResponse(incoming, treatment, held, isObserved ? Attached(incoming, limit) : null, downstream);
        var view = runsBeside ? ResponseView.Of(incoming) : null;
        var negotiation = treatment == ResponseTreatment.Hold ? Negotiation.Own(context.Request) : null;
        var installed = InstalledFeatures.Install(context, response, downstream.Token);
        bool isAnswered;
        try
        {
            isAnswered = await RunDownstreamAsync(incoming, next, response, view, downstream).ConfigureAwait(false);
        }
        finally
        {
            installed.Restore();
            negotiation?.Restore();
        }

        if (isAnswered || response.IsSwitched)
        {
            return;
        }

        if (response.Refusal is { } refusal)
        {
            await refusals.WriteAsync(incoming, context, refusal).ConfigureAwait(false);
        }
        else if (!response.IsStreamed && (treatment == ResponseTreatment.Hold || held.IsOverflown))
        {
            await ReleaseAsync(incoming, response).ConfigureAwait(false);
        }
    }

    /// <summary>Room that is given back with the call, when nobody reads what it holds any more.</summary>
    private static HeldBytes Attached(IncomingCall incoming, long limit)
    {
        var held = new HeldBytes(incoming.Budget, limit);
        incoming.Call.AttachBuffers(held);
        return held;
    }

    /// <summary>Runs the rest of the pipeline to its end. True when the request has been answered in its place.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<bool> RunDownstreamAsync(
        IncomingCall incoming,
        RequestDelegate next,
        GuardedResponse response,
        HttpContext? view,
        CancellationTokenSource downstream)
    {
        Task? running = null;
        if (view is not null)
        {
            var beside = JudgeBesideAsync(incoming, response, downstream);
            response.Beside = beside;
            running = Downstream.RunAsync(next, incoming.Context).AsTask();
            if (await VerdictAsync(beside, running, downstream).ConfigureAwait(false) is { } refusal)
            {
                await RefuseAtOnceAsync(incoming, view, refusal, running).ConfigureAwait(false);
                return true;
            }
        }

        try
        {
            if (running is null)
            {
                await Downstream.RunAsync(next, incoming.Context).ConfigureAwait(false);
            }
            else
            {
                await running.ConfigureAwait(false);
            }

            await response.FinishAsync().ConfigureAwait(false);
        }
        catch (Exception consequence) when (response.IsStopped)
        {
            // The guard stopped it, whatever it makes of that; the answer is a refusal.
            NoteStopped(consequence);
        }
        catch (Exception exception)
        {
            await response.AbandonAsync(exception).ConfigureAwait(false);
            incoming.Fail();
            throw;
        }

        return false;
    }

    private static async Task<GuardrailDecision> JudgeBesideAsync(IncomingCall incoming, GuardedResponse response, CancellationTokenSource downstream)
    {
        // Yields first, so that the rest of the pipeline starts while an inline evaluator works.
        await Task.Yield();
        var decision = await incoming.Call.EvaluateAsync(GuardrailStage.PostRequest, incoming.Content, incoming.Aborted).ConfigureAwait(false);
        if (!decision.IsAllowed)
        {
            response.Discard();
            await downstream.CancelAsync().ConfigureAwait(false);
        }

        return decision;
    }

    /// <summary>
    /// Waits for post_request. The request must not be left before the rest of the pipeline has, so an exception waits for that too.
    /// </summary>
    private async Task<Refusal?> VerdictAsync(Task<GuardrailDecision> beside, Task running, CancellationTokenSource downstream)
    {
        try
        {
            return (await beside.ConfigureAwait(false)).Refusal;
        }
        catch
        {
            await downstream.CancelAsync().ConfigureAwait(false);
            await SettleAsync(running).ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>The caller is answered now; the HttpContext is in use until the rest of the pipeline has noticed that it was cancelled.</summary>
    private async Task RefuseAtOnceAsync(IncomingCall incoming, HttpContext view, Refusal refusal, Task running)
    {
        try
        {
            await refusals.WriteAsync(incoming, view, refusal).ConfigureAwait(false);
            await view.Response.CompleteAsync().ConfigureAwait(false);
        }
        finally
        {
            await SettleAsync(running).ConfigureAwait(false);
        }
    }

    private async Task SettleAsync(Task running)
    {
        try
        {
            await running.ConfigureAwait(false);
        }
        catch (Exception consequence)
        {
            // It was cancelled and its answer is not wanted: whatever it throws is a consequence of that.
            NoteStopped(consequence);
        }
    }

    private async Task ReleaseAsync(IncomingCall incoming, GuardedResponse response)
    {
        var (refusal, bytes) = await ResponseRelease.JudgeAsync(incoming, response).ConfigureAwait(false);
        if (incoming.Aborted.IsCancellationRequested)
        {
            return;
        }

        if (refusal is not null)
        {
            await refusals.WriteAsync(incoming, incoming.Context, refusal).ConfigureAwait(false);
            return;
        }

        await ResponseRelease.SendAsync(incoming, response, bytes).ConfigureAwait(false);
    }

    private void NoteStopped(Exception consequence)
    {
        if (logger.IsEnabled(LogLevel.Debug))
        {
            var type = consequence.GetType().Name;
            LogStopped(type);
        }
    }

    [LoggerMessage(
        EventId = 1,
        EventName = "RefusedRequestStopped",
        Level = LogLevel.Debug,
        Message = "The rest of the pipeline was stopped by a guardrail and ended with {ExceptionType}.")]
    private partial void LogStopped(string exceptionType);
}
