using LlmGuard.Execution;

namespace LlmGuard.Http.Client;

/// <summary>Guards the calls of one client. Thread-safe.</summary>
internal sealed class GuardrailHandler(
    IAiGuardrails guardrails,
    HeldBytesBudget budget,
    IEnumerable<IGuardrailCallerSource> callerSources,
    string service,
    bool throwOnBlock) : DelegatingHandler
{
    private readonly IGuardrailCallerSource[] _callerSources = [.. callerSources];

    // Made once and not for every call.
    private Func<HttpRequestMessage, CancellationToken, Task<HttpResponseMessage>>? _sendAsync;
    private Func<HttpRequestMessage, CancellationToken, Task<HttpResponseMessage>>? _send;

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
        GuardrailSuppression.IsSuppressed
            ? base.SendAsync(request, cancellationToken)
            : GuardAsync(request, isAsync: true, cancellationToken).AsTask();

    protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken) =>
        GuardrailSuppression.IsSuppressed
            ? base.Send(request, cancellationToken)
            : SynchronousWait.For(GuardAsync(request, isAsync: false, cancellationToken));

    private async ValueTask<HttpResponseMessage> GuardAsync(HttpRequestMessage request, bool isAsync, CancellationToken cancellationToken)
    {
        var call = guardrails.Begin(new GuardedCallOptions
        {
            Seam = GuardrailSeam.Outgoing,
            Service = service,
            Method = request.Method.Method.ToUpperInvariant(),
            Path = request.RequestUri?.AbsolutePath,
            Caller = CallerOf(request),
            Conversation = GuardrailHttpMessageExtensions.FindConversation(request),
        });
        var exchange = new GuardedExchange(call, budget, request, throwOnBlock);
        try
        {
            // The transport honours the mode: a synchronous Send stays synchronous all the way down.
            return await exchange.RunAsync(
                isAsync ? _sendAsync ??= base.SendAsync : _send ??= (message, token) => Task.FromResult(base.Send(message, token)),
                isAsync,
                cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            await exchange.AbandonAsync(cancellationToken.IsCancellationRequested ? CallEnding.Aborted : CallEnding.UpstreamFailed).ConfigureAwait(false);
            throw;
        }
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
