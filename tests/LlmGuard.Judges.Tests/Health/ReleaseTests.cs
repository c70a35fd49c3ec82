using System.Text.Json.Nodes;
using LlmGuard.Judges.Tests.Matrix;
using LlmGuard.Remote.Transport;
using Microsoft.Extensions.DependencyInjection;

namespace LlmGuard.Judges.Tests.Health;

/// <summary>What an entry took is given back when its policy is gone, whatever a plugin wraps around its questions.</summary>
public sealed class ReleaseTests
{
    public static IEnumerable<TestCaseData> Entries() =>
        AllJudges.Descriptors.Select(static j => new TestCaseData(j.Plugin, "{}").SetArgDisplayNames(j.Plugin))
            .Append(new TestCaseData("bedrock_guardrail", """{"grounding": {}}""").SetArgDisplayNames("bedrock_guardrail with grounding"));

    [TestCaseSource(nameof(Entries))]
    public async Task Dispose_OfAnEntryThatAsked_LetsGoOfItsBreaker(string plugin, string more)
    {
        var judge = AllJudges.Descriptors.Single(j => j.Plugin == plugin);
        await using var fake = judge.Fake();
        await fake.StartAsync(useTls: false);
        var services = new ServiceCollection();
        judge.Add(services.AddAiGuardrails());
        await using var provider = services.BuildServiceProvider();
        var evaluator = provider.GetServices<IGuardrailPlugin>().Single().Create(GuardrailSettings.Parse(Settings(judge, fake.Address, more)));

        await evaluator.EvaluateAsync(
            new GuardrailCall(GuardrailStage.PreRequest,
                GuardrailContent.FromText(judge.Clean, SegmentRole.User)) { Timeout = TimeSpan.FromSeconds(20) },
            CancellationToken.None);
        var gates = provider.GetRequiredService<JudgeGates>();
        var held = gates.Of(plugin);
        ((IDisposable)evaluator).Dispose();

        Assert.That(held, Has.Count.EqualTo(1));
        Assert.That(gates.Of(plugin), Is.Empty);
    }

    private static string Settings(JudgeDescriptor judge, Uri address, string more)
    {
        var settings = JsonNode.Parse(judge.Settings(address))!.AsObject();
        settings["allow_private_endpoints"] = true;
        foreach (var (key, value) in JsonNode.Parse(more)!.AsObject())
        {
            settings[key] = value?.DeepClone();
        }

        return settings.ToJsonString();
    }
}
