namespace LlmGuard.Tests.Policy;

public sealed class CacheKeyTests
{
    [Test]
    public void Read_NotGiven_IsOff() => Assert.That(Read.Entry("", new PurePlugin()).Cache, Is.False);

    [TestCase("true", true)]
    [TestCase("false", false)]
    public void Read_PureEvaluator_IsTaken(string value, bool expected) =>
        Assert.That(Read.Entry($"\"cache\": {value}, \"stage\": [\"pre_request\", \"pre_response\"]", new PurePlugin()).Cache, Is.EqualTo(expected));

    [Test]
    public void Read_EvaluatorThatDoesNotDeclareIt_IsRefusedWithThePath()
    {
        var problem = Read.Problems(() => Read.Policy(Read.Gateway("\"cache\": true"))).Single();

        Assert.Multiple(() =>
        {
            Assert.That(problem.Path, Is.EqualTo("$.gateway.required_plugins[0].cache"));
            Assert.That(problem.Message, Is.EqualTo("the plugin 'mask' does not judge every text by itself, so no result can be used again"));
        });
    }

    [Test]
    public void Read_StageAtWhichItIsNotPure_IsRefusedNamingTheStage()
    {
        var plugin = new PurePlugin { ImpureAt = GuardrailStage.PreResponse };

        var problem = Read.Problems(() => Read.Policy(Read.Gateway("\"cache\": true, \"stage\": [\"pre_request\", \"pre_response\"]", "pure"),
            plugin)).Single();

        Assert.Multiple(() =>
        {
            Assert.That(problem.Path, Is.EqualTo("$.gateway.required_plugins[0].cache"));
            Assert.That(problem.Message, Does.Contain("at pre_response with these settings"));
            Assert.That(Read.Entry("\"cache\": true", plugin).Cache, Is.True, "at its other stage it may");
        });
    }

    [Test]
    public void Read_DisabledEntry_IsNotRefused() =>
        Assert.That(Read.Policy("""{"allow_empty": true, "gateway": {"required_plugins": [{"name": "mask", "enabled": false, "cache": true}]}}""")
            .Gateway.Entries.Single().Cache, Is.True);

    [Test]
    public void Read_NotABoolean_IsRefused() =>
        Assert.That(
            Read.Paths(Read.Gateway("\"cache\": \"yes\"", "pure"), new PurePlugin()), Is.EqualTo(new[] { "$.gateway.required_plugins[0].cache" }));

    [Test]
    public void Revision_CacheDiffers_Differs() => Assert.That(
        Read.Policy(Read.Gateway("\"cache\": true", "pure"), new PurePlugin()).Revision,
        Is.Not.EqualTo(Read.Policy(Read.Gateway("", "pure"), new PurePlugin()).Revision));

    private sealed class PurePlugin : IGuardrailPlugin
    {
        public GuardrailStage? ImpureAt { get; init; }

        public GuardrailPluginMetadata Metadata { get; } = new("pure") { Stages = [GuardrailStage.PreRequest, GuardrailStage.PreResponse] };

        public IGuardrailEvaluator Create(GuardrailSettings settings) => new Evaluator(this);

        private sealed class Evaluator(PurePlugin owner) : ISegmentEvaluator
        {
            public bool IsPurePerSegment(GuardrailStage stage) => stage != owner.ImpureAt;

            public ValueTask<GuardrailVerdict> EvaluateAsync(GuardrailCall call, CancellationToken cancellationToken) => new(GuardrailVerdict.Allow);
        }
    }
}
