using LlmGuard.Remote.Caching;
using LlmGuard.Remote.Credentials;
using LlmGuard.Remote.Transport;

namespace LlmGuard.Remote.Judging;

/// <summary>The evaluator of every remote judge: plans, admits, asks, merges. Thread-safe.</summary>
internal sealed class RemoteEvaluator : IGuardrailEvaluator, IDisposable
{
    private readonly IRemoteJudge _judge;
    private readonly JudgeRuntime _runtime;
    private readonly JudgeSettings _settings;
    private readonly IJudgeCredential _credential;
    private readonly CleanVerdictCache? _cache;
    private readonly Lock _gate = new();
    private JudgeChannel? _channel;

    /// <summary>Makes the evaluator of one entry. Nothing is set up before the first question, so that a refused policy leaves no trace.</summary>
    /// <param name="runtime">The application's services.</param>
    /// <param name="settings">The settings all judges have.</param>
    /// <param name="credential">The proof of who asks.</param>
    /// <param name="judge">What is particular to this judge.</param>
    public RemoteEvaluator(JudgeRuntime runtime, JudgeSettings settings, IJudgeCredential credential, IRemoteJudge judge)
    {
        _judge = judge;
        _runtime = runtime;
        _settings = settings;
        _credential = credential;
        _cache = settings.CacheLifetime > TimeSpan.Zero ? new CleanVerdictCache(settings.CacheLifetime, settings.CacheEntries, runtime.Time) : null;
    }

    public async ValueTask<GuardrailVerdict> EvaluateAsync(GuardrailCall call, CancellationToken cancellationToken)
    {
        try
        {
            return await JudgeAsync(call, cancellationToken).ConfigureAwait(false);
        }
        catch (UninspectableContentException refused)
        {
            return GuardrailVerdict.Fail(FailureClass.Input, refused.Reason);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            // The judge's outages do not end here, so it is this content, or a mistake of ours that it brings out: not to be passed under "allow".
            _runtime.Log.JudgeThrew(_settings.Plugin, call.Entry.Id, exception.GetType().FullName);
            return GuardrailVerdict.Fail(FailureClass.Input, FailureReasons.Exception);
        }
    }

    /// <summary>Lets go of the breaker: what the judge did to an entry that is gone is nobody's health.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _channel?.Dispose();
            _channel = null;
        }
    }

    private async ValueTask<GuardrailVerdict> JudgeAsync(GuardrailCall call, CancellationToken cancellationToken)
    {
        var inquiries = _judge.Plan(call);
        if (inquiries.Count == 0)
        {
            return GuardrailVerdict.Allow;
        }

        using var deadline = new Deadline(call.Timeout, _runtime.Time, cancellationToken);
        if (!Admission.Fits(inquiries.Count, _settings.Parallelism, deadline.Budget, _settings.ExpectedLatency))
        {
            return GuardrailVerdict.Fail(FailureClass.Input, FailureReasons.LimitExceeded);
        }

        var run = new InquiryRun(Channel(), _runtime.Telemetry, _settings, _cache, call, deadline);
        return inquiries.Count == 1
            ? await run.AskAloneAsync(inquiries[0]).ConfigureAwait(false)
            : await run.AskAllAsync(inquiries).ConfigureAwait(false);
    }

    private JudgeChannel Channel()
    {
        if (_channel is { } known)
        {
            return known;
        }

        lock (_gate)
        {
            return _channel ??= new JudgeChannel(_runtime, _settings, _credential);
        }
    }
}
