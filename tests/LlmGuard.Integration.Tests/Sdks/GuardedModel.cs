using LlmGuard.Integration.Tests.Harness;
using LlmGuard.Integration.Tests.Sdks.Model;
using Microsoft.Extensions.DependencyInjection;

namespace LlmGuard.Integration.Tests.Sdks;

/// <summary>The scripted model behind a policy: through the gateway example, or under the client that an SDK is given.</summary>
internal sealed class GuardedModel : IAsyncDisposable
{
    public const string Topic = "This topic is not available here.";
    public const string Judged = "That is judged.";

    /// <summary>Masks personal data, both ways.</summary>
    public static readonly string Masks = Chat.Gateway(
        """{ "name": "data_masking", "stage": ["pre_request", "pre_response"], "settings": { "apply_all": true } }""");

    /// <summary>Blocks one topic, both ways: an answer goes on up to where it comes to the topic.</summary>
    public static readonly string Topics = Chat.Gateway(
        """
        { "name": "prompt_moderation", "stage": ["pre_request", "pre_response"], "settings": {
          "keywords": ["project bluebird"], "similarity_threshold": 0.85, "actions": { "type": "block", "message": "This topic is not available here." } } }
        """);

    /// <summary>
    /// Asks a judge of whole texts about the prompt, about the head of the answer and then every few words; the failing judge blocks.
    /// </summary>
    public static readonly string Whole = Chat.Gateway(
        """
        { "name": "judge", "stage": ["pre_request", "pre_response"], "message": "That is judged.", "on_error": "block",
          "streaming": { "head_chars": 20, "min_chars": 20 } }
        """);

    /// <summary>One call an hour.</summary>
    public static readonly string Limited =
        Chat.Gateway("""{ "name": "rate_limiter", "settings": { "limits": [ { "by": "global", "limit": 1, "window": "1h" } ] } }""");

    /// <summary>One call each two seconds, which a client may wait for.</summary>
    public static readonly string Brief =
        Chat.Gateway("""{ "name": "rate_limiter", "settings": { "limits": [ { "by": "global", "limit": 1, "window": "2s" } ] } }""");

    private readonly GuardedGateway? _gateway;
    private readonly ServiceProvider? _clients;
    private readonly JudgeScript _judge;

    private GuardedModel(JudgeScript judge, Uri url, GuardedGateway? gateway, ServiceProvider? clients)
    {
        _judge = judge;
        Url = url;
        _gateway = gateway;
        _clients = clients;
    }

    /// <summary>Where an SDK is pointed to: the gateway, or the model itself.</summary>
    public Uri Url { get; }

    /// <summary>How many prompts the judge was asked about.</summary>
    public int JudgedPrompts => _judge.Prompts;

    /// <param name="isGateway">Whether through the gateway example, or under the client.</param>
    /// <param name="model">The model.</param>
    /// <param name="policy">The policy.</param>
    /// <param name="time">The clock of limits; null for the machine's.</param>
    public static async Task<GuardedModel> StartAsync(bool isGateway, ScriptedModel model, string policy, TimeProvider? time = null)
    {
        var judge = new JudgeScript();
        var plugin = new ScriptedPlugin("judge", judge.JudgeAsync);
        if (isGateway)
        {
            var gateway = await GuardedGateway.StartAsync(model.Upstream, policy, [plugin], builder =>
            {
                builder.Services.AddAiGuardrails().AddRateLimiter();
                builder.Services.AddSingleton(time ?? TimeProvider.System);
            });
            return new GuardedModel(judge, gateway.Url, gateway, null);
        }

        var services = new ServiceCollection();
        services.AddLogging();
        services.AddAiGuardrails(options => options.PolicyJson = policy).AddDataMasking().AddPromptModeration().AddRateLimiter();
        services.AddSingleton<IGuardrailPlugin>(plugin);
        services.AddSingleton(time ?? TimeProvider.System);
        services.AddHttpClient("llm").AddAiGuardrails();
        return new GuardedModel(judge, model.Upstream.Url, null, services.BuildServiceProvider());
    }

    /// <summary>A guarded client for one use, since an SDK may dispose of it; null for the SDK's own.</summary>
    public HttpClient? NewClient() => _clients?.GetRequiredService<IHttpClientFactory>().CreateClient("llm");

    /// <summary>Makes a call that is let through, so that a limit of one is reached.</summary>
    public async Task UseUpAsync(CancellationToken cancellationToken)
    {
        using var client = NewClient() ?? new HttpClient();
        client.BaseAddress = Url;
        var (status, body) = await client.PostAsync(Chat.Path, Chat.Request(Scene.Address.Name), cancellationToken);
        Assert.That(status, Is.EqualTo(200), body);
    }

    public async ValueTask DisposeAsync()
    {
        if (_gateway is not null)
        {
            await _gateway.DisposeAsync();
        }

        if (_clients is not null)
        {
            await _clients.DisposeAsync();
        }
    }

    /// <summary>Blocks plums and cannot be reached about pears.</summary>
    private sealed class JudgeScript
    {
        private int _prompts;

        public int Prompts => Volatile.Read(ref _prompts);

        public ValueTask<GuardrailVerdict> JudgeAsync(GuardrailCall call, CancellationToken cancellationToken)
        {
            if (call.Stage == GuardrailStage.PreRequest)
            {
                Interlocked.Increment(ref _prompts);
            }

            return ValueTask.FromResult(
                Says(call, "plum") ? GuardrailVerdict.Block()
                : Says(call, "pear") ? GuardrailVerdict.Fail(FailureClass.Availability, FailureReasons.Transport)
                : GuardrailVerdict.Allow);
        }

        private static bool Says(GuardrailCall call, string word) =>
            call.Content.Any(segment => segment.Text.Contains(word, StringComparison.Ordinal));
    }
}
