using LlmGuard.Policy;

namespace LlmGuard.Tests.Policy;

/// <summary>Options are set in code. A section that names one as if it were read from there says what nobody would do.</summary>
public sealed class OptionKeysTests
{
    private const string Json = """{"gateway": {"required_plugins": [{"name": "mask"}]}}""";
    private const string Inline = "AiGuardrails:gateway:required_plugins:0:name";

    [TestCase("AiGuardrails:PolicyFiles", TestName = "{m}: a text")]
    [TestCase("AiGuardrails:policyfiles:0", TestName = "{m}: a list, in another case")]
    public void PolicyFiles_InConfiguration_IsRefusedAndNamesTheKeyThatIsRead(string key)
    {
        var problem = Problems(static _ => { }, (key, "other.json")).Single();

        Assert.That(problem.Path, Is.EqualTo("AiGuardrails:PolicyFiles").IgnoreCase);
        Assert.That(problem.Message, Does.Contain("'AiGuardrails:PolicyFile', which takes one path or a list"));
    }

    [Test]
    public void PolicyFiles_BesideAPolicyFromElsewhere_IsRefusedAllTheSame()
    {
        var ofCode = Problems(static o => o.PolicyJson = Json, ("AiGuardrails:PolicyFiles:0", "other.json"));
        var ofSection = Problems(static _ => { }, ("AiGuardrails:PolicyFiles:0", "other.json"), (Inline, "mask"));

        Assert.That(ofCode.Concat(ofSection).Select(static p => p.Path), Is.EqualTo(["AiGuardrails:PolicyFiles", "AiGuardrails:PolicyFiles"]));
    }

    [Test]
    public void Option_InConfiguration_IsRefusedAndSaysWhereItIsSet()
    {
        var problem = Problems(static o => o.PolicyJson = Json, ("AiGuardrails:MaxHeldBytes", "100")).Single();

        Assert.That(problem.Path, Is.EqualTo("AiGuardrails:MaxHeldBytes"));
        Assert.That(problem.Message, Does.Contain("options.MaxHeldBytes = ..."));
    }

    [Test]
    public void Option_ThatIsBoundToTheSection_IsInForceAndPasses()
    {
        var configuration = new ChangingConfiguration(
            ("AiGuardrails:MaxHeldBytes", "100"),
            ("AiGuardrails:ReloadDelay", "00:00:01"),
            ("AiGuardrails:ReloadOnChange", "False"),
            ("AiGuardrails:AllowedSecretHosts:0", "example.com"),
            (Inline, "mask")).Root;
        using var application = new PolicyApplication(null, configuration, o =>
        {
            o.MaxHeldBytes = 100;
            o.ReloadDelay = TimeSpan.FromSeconds(1);
            o.ReloadOnChange = false;
            o.AllowedSecretHosts.Add("example.com");
        });

        using var lease = application.Provider.Acquire();

        Assert.That(lease.Document!.Gateway.Entries, Has.Length.EqualTo(1));
    }

    [Test]
    public void Names_AreThoseOfAllOptions() => Assert.That(
        OptionKeys.Names, Is.EquivalentTo(typeof(AiGuardrailsOptions).GetProperties().Select(static p => p.Name)));

    private static IReadOnlyList<SettingsProblem> Problems(Action<AiGuardrailsOptions> configure, params (string Key, string? Value)[] keys)
    {
        using var application = new PolicyApplication(null, new ChangingConfiguration(keys).Root, configure);
        return Assert.Throws<GuardrailPolicyException>(() => application.Provider.Start())!.Problems;
    }
}
