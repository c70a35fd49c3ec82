using LlmGuard;
using LlmGuard.CustomPlugin;
using Microsoft.Extensions.DependencyInjection;

const string policy = """
    { "gateway": { "name": "Gateway", "required_plugins": [ { "name": "banned_words", "settings": { "words": ["rosebud"] } } ] } }
    """;

var services = new ServiceCollection();
services.AddAiGuardrails(options => options.PolicyJson = policy).AddPlugin<BannedWordsPlugin>();
await using var provider = services.BuildServiceProvider();
var guardrails = provider.GetRequiredService<IAiGuardrails>();

foreach (var text in new[] { "Tell me a story.", "What does Rosebud mean?" })
{
    var decision = await guardrails.EvaluateAsync(GuardrailStage.PreRequest, GuardrailContent.FromText(text, SegmentRole.User));
    Console.WriteLine($"{text} -> {decision.Action} {decision.Refusal?.StatusCode} {decision.Refusal?.Message}");
}
