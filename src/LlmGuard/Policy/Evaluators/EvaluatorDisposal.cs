using LlmGuard.Policy.Revisions;
using Microsoft.Extensions.Logging;

namespace LlmGuard.Policy.Evaluators;

/// <summary>Disposes evaluators off the request path.</summary>
internal sealed class EvaluatorDisposal(ILogger logger)
{
    private readonly Lock _lock = new();
    private Task _pending = Task.CompletedTask;

    /// <summary>Completes when everything queued so far is disposed.</summary>
    public Task Pending
    {
        get
        {
            lock (_lock)
            {
                return _pending;
            }
        }
    }

    public void Queue(IGuardrailEvaluator evaluator)
    {
        if (evaluator is not (IAsyncDisposable or IDisposable))
        {
            return;
        }

        var disposal = Task.Run(() => DisposeAsync(evaluator));
        lock (_lock)
        {
            _pending = _pending.IsCompleted ? disposal : Task.WhenAll(_pending, disposal);
        }
    }

    private async Task DisposeAsync(IGuardrailEvaluator evaluator)
    {
        try
        {
            if (evaluator is IAsyncDisposable asynchronous)
            {
                await asynchronous.DisposeAsync().ConfigureAwait(false);
            }
            else
            {
                ((IDisposable)evaluator).Dispose();
            }
        }
        catch (Exception failure)
        {
            // A plugin is code of others, and nobody waits here who could handle it. Its message may quote content.
            PolicyLog.EvaluatorDisposalFailed(logger, evaluator.GetType().Name, failure.GetType().Name);
        }
    }
}
