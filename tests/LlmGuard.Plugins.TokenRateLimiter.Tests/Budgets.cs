using LlmGuard.Counters;
using LlmGuard.Counters.Memory;
using LlmGuard.Tests;

namespace LlmGuard.Plugins.TokenRateLimiter.Tests;

/// <summary>One entry's evaluator with a clock of the test's own and counters in memory.</summary>
internal sealed class Budgets
{
    private const string Chat = "openai.chat_completions";

    private readonly IGuardrailEvaluator _evaluator;

    public Budgets(string settings, params ITokenCounter[] tokens)
    {
        var metrics = new CounterMetrics(null);
        var store = new InMemoryCounterStore(1000, Time, metrics);
        Settings = GuardrailSettings.Parse(settings);
        _evaluator = new TokenRateLimiterPlugin(new GuardrailCounters(store, store, Time, metrics), tokens).Create(Settings);
        Settings.ReportUnread();
    }

    public ManualTime Time { get; } = new();

    public GuardrailSettings Settings { get; }

    /// <summary>A call to a model with a prompt of so many bytes.</summary>
    public static GuardrailCall Call(
        int bytes = 0,
        long? maxTokens = 10,
        string? model = "gpt-4o",
        string consumer = "alice",
        long choices = 1,
        bool isStreaming = false,
        int opaque = 0,
        string? dialect = Chat) => new(GuardrailStage.PreRequest, GuardrailContent.Empty)
    {
        Caller = new GuardrailCaller(consumer),
        Dialect = dialect,
        Model = model,
        MaxTokens = maxTokens,
        Choices = choices,
        IsStreaming = isStreaming,
        Body = new BodyMetrics { HasBody = bytes + opaque > 0, TextBytes = bytes, OpaqueParts = opaque },
    };

    public ValueTask<GuardrailVerdict> AdmitAsync(GuardrailCall call) => _evaluator.EvaluateAsync(call, CancellationToken.None);

    public async ValueTask<bool> PassesAsync(GuardrailCall call) => (await AdmitAsync(call)).Outcome != VerdictOutcome.Block;

    public ValueTask<GuardrailVerdict> SettleAsync(
        GuardrailCall admitted,
        TokenUsage? usage,
        CallEnding ending = CallEnding.Completed,
        int? status = 200) =>
        _evaluator.EvaluateAsync(
            new GuardrailCall(GuardrailStage.PostResponse, GuardrailContent.Empty)
            {
                Caller = admitted.Caller,
                Dialect = admitted.Dialect,
                Model = admitted.Model,
                Choices = admitted.Choices,
                Usage = usage,
                Ending = ending,
                UpstreamStatus = status,
                State = admitted.State,
            },
            CancellationToken.None);

    /// <summary>What the scarcest budget has left for a caller, in its unit; asked without reserving anything.</summary>
    public async Task<long> RemainingAsync(string consumer = "alice", string? model = null)
    {
        var verdict = await AdmitAsync(Call(maxTokens: null, model: model, consumer: consumer, dialect: null));
        var field = verdict.ResponseHeaders.Single(h => h.Key == "RateLimit").Value;
        return field.Split(", ").Where(f => f.Contains("tokens_", StringComparison.Ordinal) || f.Contains("dollars_", StringComparison.Ordinal))
            .Min(f => long.Parse(f.Split(";r=")[1].Split(';')[0], null));
    }

    public static string? Header(GuardrailVerdict verdict, string name) => verdict.ResponseHeaders.SingleOrDefault(h => h.Key == name).Value;
}
