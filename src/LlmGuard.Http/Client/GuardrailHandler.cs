using LlmGuard.Execution;
using LlmGuard.Execution.Background;
using LlmGuard.Execution.Evaluations;
using LlmGuard.Http.Wire;
using LlmGuard.Planning;
using LlmGuard.Policy;

namespace LlmGuard.Http.Client;

/// <summary>Guards the calls of one client. Thread-safe.</summary>
internal sealed class GuardrailHandler(
    IAiGuardrails guardrails,
    IPolicyProvider policy,
    HeldBytesBudget budget,
    IEnumerable<IGuardrailCallerSource> callerSources,
    string service,
    bool throwOnBlock) : DelegatingHandler
{
    private readonly IGuardrailCallerSource[] _callerSources = [.. callerSources];

    // Made once and not for every call.
    private Func<HttpRequestMessage, CancellationToken, Task<HttpResponseMessage>>? _sendAsync;
    private Func<HttpRequestMessage, CancellationToken, Task<HttpResponseMessage>>? _send;

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (GuardrailSuppression.IsSuppressed)
        {
            return base.SendAsync(request, cancellationToken);
        }

        return Begin(request) is { } call
            ? GuardAsync(call, request, isAsync: true, cancellationToken).AsTask()
            : PassAsync(request, base.SendAsync(request, cancellationToken));
    }

    protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (GuardrailSuppression.IsSuppressed)
        {
            return base.Send(request, cancellationToken);
        }

        return Begin(request) is { } call
            ? SynchronousWait.For(GuardAsync(call, request, isAsync: false, cancellationToken))
            : Passed(request, base.Send(request, cancellationToken));
    }

    private static Task<HttpResponseMessage> PassAsync(HttpRequestMessage request, Task<HttpResponseMessage> sending)
    {
        if (!sending.IsCompletedSuccessfully)
        {
            return WaitAsync();
        }

        Passed(request, sending.GetAwaiter().GetResult());
        return sending;

        async Task<HttpResponseMessage> WaitAsync() => Passed(request, await sending.ConfigureAwait(false));
    }

    private async ValueTask<HttpResponseMessage> GuardAsync(
        GuardedCall call, HttpRequestMessage request, bool isAsync, CancellationToken cancellationToken)
    {
        // The transport honours the mode: a synchronous Send stays synchronous all the way down.
        var transport = isAsync ? _sendAsync ??= base.SendAsync : _send ??= (message, token) => Task.FromResult(base.Send(message, token));
        var exchange = new GuardedExchange(call, budget, request, throwOnBlock);
        try
        {
            return await exchange.RunAsync(transport, isAsync, cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            await exchange.AbandonAsync(cancellationToken.IsCancellationRequested
                ? CallEnding.Aborted
                : CallEnding.UpstreamFailed).ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>The call, or null when nothing applies to it whatever is in it.</summary>
    private GuardedCall? Begin(HttpRequestMessage request)
    {
        var query = new ScopeQuery
        {
            Seam = GuardrailSeam.Outgoing,
            Service = service,
            Method = request.Method.Method.ToUpperInvariant(),
            RawPath = request.RequestUri?.AbsolutePath,
            Caller = CallerOf(request),
        };
        var revision = policy.Take();
        try
        {
            var resolution = revision.Resolve(in query);
            if (resolution.IsPassed)
            {
                revision.GiveBack();
                return null;
            }

            return guardrails.Begin(new GuardedCallOptions(query.Caller)
            {
                Revision = revision,
                Resolution = resolution,
                Seam = query.Seam,
                Service = service,
                Method = query.Method,
                Path = query.RawPath,
                Conversation = GuardrailHttpMessageExtensions.FindConversation(request),
            });
        }
        catch
        {
            revision.Dispose();
            throw;
        }
    }

    /// <summary>An answer that nobody judges: an id is all it gets.</summary>
    private static HttpResponseMessage Passed(HttpRequestMessage request, HttpResponseMessage response)
    {
        response.RequestMessage = request;
        response.Headers.Remove(GuardrailHeaders.Id);
        response.Headers.TryAddWithoutValidation(GuardrailHeaders.Id, CallId.New().ToString());
        return response;
    }

    private GuardrailCaller CallerOf(HttpRequestMessage request)
    {
        if ((GuardrailHttpMessageExtensions.FindCaller(request) ?? GuardrailCaller.Current) is { } named)
        {
            return named;
        }

        foreach (var source in _callerSources)
        {
            if (source.GetCaller() is { } found)
            {
                return found;
            }
        }

        return GuardrailCaller.Anonymous;
    }
}
