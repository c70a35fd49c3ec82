using Microsoft.Extensions.DependencyInjection;

namespace LlmGuard.Tests.Policy;

/// <summary>A reload, however long it takes, keeps nobody waiting.</summary>
public sealed class ReloadServiceTests
{
    private const int Requests = 1000;

    [Test]
    public async Task Reload_BuildIsBlocked_RequestsAreServedByTheOldRevision()
    {
        using var gate = new Gate();
        var configuration = new ChangingConfiguration(
            ("AiGuardrails:gateway:required_plugins:0:name", "slow"),
            ("AiGuardrails:gateway:required_plugins:0:settings:level", "1"));
        using var application = new PolicyApplication([new SlowPlugin(gate)], configuration.Root);
        var guardrails = application.Services.GetRequiredService<IAiGuardrails>();
        application.Provider.Start();
        var before = application.Provider.Status.Revision;
        gate.IsShut = true;
        configuration.Set("AiGuardrails:gateway:required_plugins:0:settings:level", "2");
        var reload = Task.Run(() => application.Time.Advance(TimeSpan.FromMilliseconds(250)));
        var served = 0;
        try
        {
            await gate.Reached.Task;
            for (var i = 0; i < Requests; i++)
            {
                var decision = await guardrails.EvaluateAsync(GuardrailStage.PreRequest, GuardrailContent.FromText("text", SegmentRole.User));
                served += decision.Revision == before && decision.Results.Count == 1 && !reload.IsCompleted ? 1 : 0;
            }
        }
        finally
        {
            gate.Open();
            await reload;
        }

        Assert.That(served, Is.EqualTo(Requests), "while the new one was being built");
        var after = await guardrails.EvaluateAsync(GuardrailStage.PreRequest, GuardrailContent.FromText("text", SegmentRole.User));

        Assert.That(after.Revision, Is.Not.EqualTo(before).And.EqualTo(application.Provider.Status.Revision));
    }

    [Test]
    public async Task Reload_Done_LeavesNothingToBuildForTheFirstRequest()
    {
        using var gate = new Gate();
        var configuration = new ChangingConfiguration(
            ("AiGuardrails:gateway:required_plugins:0:name", "slow"),
            ("AiGuardrails:gateway:required_plugins:0:settings:level", "1"));
        var plugin = new SlowPlugin(gate);
        using var application = new PolicyApplication([plugin], configuration.Root);
        var guardrails = application.Services.GetRequiredService<IAiGuardrails>();
        application.Provider.Start();
        configuration.Set("AiGuardrails:gateway:required_plugins:0:settings:level", "2");
        application.Time.Advance(TimeSpan.FromMilliseconds(250));
        var built = plugin.Built;
        await guardrails.EvaluateAsync(GuardrailStage.PreRequest, GuardrailContent.FromText("text", SegmentRole.User));

        Assert.That((built, plugin.Built), Is.EqualTo((2, 2)), "one evaluator for each revision, all before the first request");
    }

    private sealed class Gate : IDisposable
    {
        private readonly ManualResetEventSlim _open = new();

        public bool IsShut { get; set; }

        public TaskCompletionSource Reached { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public void Pass()
        {
            if (IsShut)
            {
                Reached.TrySetResult();
                _open.Wait();
            }
        }

        public void Open() => _open.Set();

        public void Dispose() => _open.Dispose();
    }

    private sealed class SlowPlugin(Gate gate) : IGuardrailPlugin
    {
        public int Built { get; private set; }

        public GuardrailPluginMetadata Metadata { get; } = new("slow") { RunsInline = true };

        public IGuardrailEvaluator Create(GuardrailSettings settings)
        {
            settings.Int32("level", 1);
            gate.Pass();
            Built++;
            return new FakeEvaluator();
        }
    }
}
