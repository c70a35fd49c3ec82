using System.Text;
using LlmGuard;
using LlmGuard.FakeClouds;
using LlmGuard.Gateway;
using LlmGuard.Gateway.ApiKeys;
using LlmGuard.Gateway.Clouds;
using LlmGuard.Gateway.Forwarding;
using LlmGuard.Gateway.ToyModel;

GatewayArguments arguments;
try
{
    arguments = GatewayArguments.Parse(args);
}
catch (FormatException problem)
{
    await Console.Error.WriteLineAsync($"{problem.Message}\n\n{GatewayArguments.Usage}").ConfigureAwait(false);
    return 2;
}

var builder = WebApplication.CreateSlimBuilder();
builder.WebHost.UseUrls(arguments.Urls.Split(';'));
builder.WebHost.ConfigureKestrel(kestrel =>
{
    // Sizes are the policy's business: it answers with a refusal a client understands instead of a reset connection.
    kestrel.Limits.MaxRequestBodySize = null;
    kestrel.AddServerHeader = false;
    kestrel.ResponseHeaderEncodingSelector = static _ => Encoding.Latin1;
});
builder.Logging.SetMinimumLevel(arguments.Quiet ? LogLevel.Error : LogLevel.Information);
builder.Logging.AddFilter("Microsoft", arguments.Quiet ? LogLevel.Error : LogLevel.Warning);

// A refused policy is said once, below, and without a stack trace.
builder.Logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.None);

await using var clouds = arguments.FakeClouds ? await FakeCloudSet.StartAllAsync().ConfigureAwait(false) : null;
var policyFile = arguments.PolicyFile ?? Path.Combine(AppContext.BaseDirectory, clouds is null ? "policy.json" : "policy.fake-clouds.json");
string? policyOfClouds = null;
if (clouds is not null)
{
    try
    {
        policyOfClouds = CloudPolicy.Render(await File.ReadAllTextAsync(policyFile).ConfigureAwait(false), clouds);
    }
    catch (FormatException problem)
    {
        await Console.Error.WriteLineAsync(problem.Message).ConfigureAwait(false);
        return 2;
    }

    builder.Configuration.AddInMemoryCollection(CloudPolicy.Secrets(clouds));
}

var guardrails = builder.Services
    .AddAiGuardrails(options =>
    {
        options.PolicyJson = policyOfClouds;
        if (policyOfClouds is null)
        {
            options.PolicyFiles.Add(policyFile);
        }
    })
    .AddBedrockGuardrail()
    .AddCodeSanitation()
    .AddDataMasking()
    .AddExternalApi()
    .AddInjectionProtection()
    .AddNeuralTrustGuardrail()
    .AddNomaRuntimeProtection()
    .AddPromptModeration()
    .AddRateLimiter()
    .AddRequestSizeLimiter()
    .AddTokenRateLimiter()
    .AddToxicityAzure()
    .AddToxicityOpenAI();
if (arguments.Redis is { } redis)
{
    guardrails.AddRedis(redis);
}

builder.Services.AddHealthChecks().AddAiGuardrails();
builder.Services.AddApiKeys(arguments.ApiKeysFile);

var app = builder.Build();
app.UseHealthChecks("/healthz");
app.Use(BrokenUpstream.AnswerAsync);
app.UseRouting();
app.UseAuthentication();
app.UseAiGuardrails();
if (arguments.Upstream is { } upstream)
{
    var forwarder = new Forwarder(upstream);
    app.Lifetime.ApplicationStopped.Register(forwarder.Dispose);
    app.Run(forwarder.ForwardAsync);
}
else
{
    app.MapToyModel();
}

try
{
    await app.StartAsync().ConfigureAwait(false);
}
catch (GuardrailPolicyException refused)
{
    await Console.Error.WriteLineAsync(refused.Message).ConfigureAwait(false);
    return 2;
}
catch (OperationCanceledException) when (app.Lifetime.ApplicationStopping.IsCancellationRequested)
{
    // Told to stop before it had started.
    return 0;
}

if (!arguments.Quiet)
{
    Welcome.Print(app.Urls.First(), arguments);
}

await app.WaitForShutdownAsync().ConfigureAwait(false);
return 0;
