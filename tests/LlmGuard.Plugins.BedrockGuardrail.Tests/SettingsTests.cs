using LlmGuard.Plugins.BedrockGuardrail.Settings;
using LlmGuard.Tests.Repository;
using Microsoft.Extensions.DependencyInjection;

namespace LlmGuard.Plugins.BedrockGuardrail.Tests;

public sealed class SettingsTests
{
    private const string Keys = "\"credentials\": { \"aws_access_key\": \"a\", \"aws_secret_key\": \"b\", \"aws_region\": \"eu-west-1\" }";
    private const string Region = "\"aws_region\": \"eu-west-1\"";
    private const string Arn = "arn:aws:bedrock:eu-west-1:123456789012:guardrail/abc";

    [TestCase("\"guardrail_id\": \"12345\", \"version\": \"1\", " + Keys + ", \"actions\": { \"message\": \"%s\" }")]
    [TestCase("\"guardrail_id\": \"" + Arn + "\", \"version\": \"DRAFT\", " + Keys)]
    [TestCase("\"guardrail_id\": \"" + Arn + "\", \"credentials\": { \"api_key\": \"k\" }")]
    [TestCase("\"guardrail_id\": \"a\", \"credentials\": { \"api_key\": \"k\", " + Region + " }, \"fips\": true, \"dual_stack\": true")]
    [TestCase("\"guardrail_id\": \"a\", \"credentials\": { \"use_default_chain\": true, " + Region
        + " }, \"pii_action\": \"anonymize\", \"images\": true")]
    [TestCase("\"guardrail_id\": \"a\", \"credentials\": { \"use_role\": true, \"role_arn\": \"arn:aws:iam::123456789012:role/x/y\", " + Region
        + " }")]
    [TestCase("\"guardrail_id\": \"a\", \"credentials\": { \"aws_access_key\": \"a\", \"aws_secret_key\": \"b\", \"aws_session_token\": \"\", \"use_role\": false, \"role_arn\": \"\", \"session_name\": \"BedrockClientSession\", " + Region + " }")]
    [TestCase("\"guardrail_id\": \"a\", " + Keys
        + ", \"grounding\": { \"sources\": [\"document\", \"message\"], \"required\": true }, \"max_text_units\": 100")]
    [TestCase("\"guardrail_id\": \"a\", " + Keys + ", \"grounding\": { }")]
    [TestCase("\"checks\": { \"content_filter\": { \"HATE\": 0.5 }, \"prompt_attack\": { \"JAILBREAK\": 0 }, \"sensitive_information\": { \"entities\": [\"EMAIL\"], \"min_confidence\": 1 } }, " + Keys)]
    [TestCase("\"checks\": { \"sensitive_information\": { } }, " + Keys)]
    public void Create_GoodSettings_AreRead(string json) => Assert.That(Problems(json), Is.Empty);

    [TestCase(Keys, "guardrail_id")]
    [TestCase("\"guardrail_id\": \"ABC\", " + Keys, "guardrail_id")]
    [TestCase("\"guardrail_id\": \"a/../b\", " + Keys, "guardrail_id")]
    [TestCase("\"guardrail_id\": \"arn:aws:bedrock:eu-west-1:1234:guardrail/abc\", " + Keys, "guardrail_id")]
    [TestCase("\"guardrail_id\": \"arn:aws-cn:bedrock:eu-west-1:123456789012:guardrail/abc\", " + Keys, "guardrail_id")]
    [TestCase("\"guardrail_id\": \"arn:aws:bedrock:us-east-1:123456789012:guardrail/abc\", " + Keys, "aws_region")]
    [TestCase("\"guardrail_id\": \"a\", \"version\": \"0\", " + Keys, "version")]
    [TestCase("\"guardrail_id\": \"a\", \"version\": \"draft\", " + Keys, "version")]
    [TestCase("\"guardrail_id\": \"a\", \"version\": \"1/2\", " + Keys, "version")]
    [TestCase("\"guardrail_id\": \"a\"", "credentials")]
    [TestCase("\"guardrail_id\": \"a\", \"credentials\": { " + Region + " }", "credentials")]
    [TestCase("\"guardrail_id\": \"a\", \"credentials\": { \"aws_access_key\": \"a\", \"aws_secret_key\": \"b\" }", "aws_region")]
    [TestCase("\"guardrail_id\": \"a\", \"credentials\": { \"aws_access_key\": \"a\", \"aws_secret_key\": \"b\", \"aws_region\": \"x.evil.example\" }", "aws_region")]
    [TestCase("\"guardrail_id\": \"a\", \"credentials\": { \"aws_access_key\": \"a\", " + Region + " }", "aws_secret_key")]
    [TestCase("\"guardrail_id\": \"a\", \"credentials\": { \"aws_access_key\": \"\", \"aws_secret_key\": \"b\", " + Region + " }", "aws_access_key")]
    [TestCase("\"guardrail_id\": \"a\", \"credentials\": { \"api_key\": \"k\", \"use_default_chain\": true, " + Region + " }", "api_key")]
    [TestCase("\"guardrail_id\": \"a\", \"credentials\": { \"aws_access_key\": \"a\", \"aws_secret_key\": \"b\", \"use_default_chain\": true, "
        + Region + " }", "use_default_chain")]
    [TestCase("\"guardrail_id\": \"a\", \"credentials\": { \"use_default_chain\": true, \"aws_session_token\": \"t\", " + Region + " }",
        "aws_session_token")]
    [TestCase("\"guardrail_id\": \"a\", \"credentials\": { \"use_role\": true, " + Region + " }", "role_arn")]
    [TestCase("\"guardrail_id\": \"a\", \"credentials\": { \"use_role\": true, \"role_arn\": \"guard\", " + Region + " }", "role_arn")]
    [TestCase("\"guardrail_id\": \"a\", \"credentials\": { \"api_key\": \"k\", \"role_arn\": \"arn:aws:iam::123456789012:role/x\", " + Region + " }",
        "role_arn")]
    [TestCase("\"guardrail_id\": \"a\", \"credentials\": { \"use_role\": true, \"role_arn\": \"arn:aws:iam::123456789012:role/x\", \"session_name\": \"a b\", " + Region + " }", "session_name")]
    [TestCase("\"guardrail_id\": \"a\", \"credentials\": { \"api_key\": \"k\", \"external_id\": \"xx\", " + Region + " }", "external_id")]
    [TestCase("\"guardrail_id\": \"a\", " + Keys + ", \"endpoint\": \"https://proxy.example\", \"fips\": true", "fips")]
    [TestCase("\"guardrail_id\": \"a\", " + Keys + ", \"endpoint\": \"http://proxy.example\"", "endpoint")]
    [TestCase("\"guardrail_id\": \"a\", " + Keys + ", \"endpoint\": \"https://169.254.169.254/\"", "endpoint")]
    [TestCase("\"guardrail_id\": \"a\", " + Keys + ", \"pii_action\": \"mask\"", "pii_action")]
    [TestCase("\"guardrail_id\": \"a\", " + Keys + ", \"max_text_units\": 0", "max_text_units")]
    [TestCase("\"guardrail_id\": \"a\", " + Keys + ", \"grounding\": { \"sources\": [\"reasoning\"] }", "sources")]
    [TestCase("\"guardrail_id\": \"a\", " + Keys + ", \"checks\": { \"sensitive_information\": { } }", "guardrail_id")]
    [TestCase("\"images\": true, " + Keys + ", \"checks\": { \"sensitive_information\": { } }", "images")]
    [TestCase("\"checks\": { }, " + Keys, "checks")]
    [TestCase("\"checks\": { \"content_filter\": { \"SARCASM\": 0.5 } }, " + Keys, "content_filter")]
    [TestCase("\"checks\": { \"content_filter\": { \"HATE\": 1.5 } }, " + Keys, "content_filter")]
    [TestCase("\"checks\": { \"sensitive_information\": { \"entities\": [\"SHOE_SIZE\"] } }, " + Keys, "entities")]
    [TestCase("\"pii_action\": \"anonymize\", \"checks\": { \"content_filter\": { \"HATE\": 0.5 } }, " + Keys, "pii_action")]
    [TestCase("\"pii_action\": \"anonymize\", \"actions\": { \"message\": \"m\" }, \"checks\": { \"sensitive_information\": { } }, " + Keys,
        "actions.message")]
    public void Create_BadSettings_NameTheKey(string json, string key) => Assert.That(Problems(json).Select(p => p.Path), Has.Some.Contains(key));

    [Test]
    public void Create_BadSettings_NeverQuoteSecrets() =>
        Assert.That(
            Problems("\"credentials\": { \"api_key\": \"SECRET-1\", \"aws_access_key\": \"SECRET-2\", \"aws_session_token\": \"SECRET-3\" }")
                .Select(p => p.Message),
            Has.None.Contains("SECRET").And.Not.Empty);

    [Test]
    public void Read_Regional_AsksTheRegionsEndpoint()
    {
        var settings = GuardrailSettings.Parse($$"""{ "guardrail_id": "{{Arn}}", "credentials": { "api_key": "k" } }""");

        var read = BedrockSettings.Read(settings);

        Assert.That(settings.Problems, Is.Empty);
        Assert.That(read.Address.AbsoluteUri, Is.EqualTo("https://bedrock-runtime.eu-west-1.amazonaws.com/guardrail/arn%3Aaws%3Abedrock%3Aeu-west-1%3A123456789012%3Aguardrail%2Fabc/version/1/apply"));
        Assert.That(read.Judge.AllowPrivate, Is.False);
    }

    [Test]
    public void Metadata_SaysWhatItDoes()
    {
        using var services = Judged.Services();
        var metadata = services.GetServices<IGuardrailPlugin>().Single().Metadata;

        Assert.That(metadata.Name, Is.EqualTo("bedrock_guardrail"));
        Assert.That(metadata.SendsContentOut, Is.True);
        Assert.That(metadata.Rewrites, Is.True);
        Assert.That(metadata.Stages, Is.EqualTo(new[] { GuardrailStage.PreRequest, GuardrailStage.PostRequest, GuardrailStage.PreResponse }));
        Assert.That(metadata.DefaultStages, Is.EqualTo(new[] { GuardrailStage.PreRequest }));
        Assert.That(metadata.DefaultStatusCode, Is.EqualTo(403));
        Assert.That(metadata.Streaming, Is.EqualTo(GuardrailStreaming.WholeText));
    }

    [TestCase("gateway.json")]
    [TestCase("consumer-group.json")]
    public async Task PolicyExample_Unchanged_LoadsWithThisPlugin(string file)
    {
        var path = Find(file);
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddAiGuardrails(options => options.PolicyFiles.Add(path)).AddBedrockGuardrail();
        await using var provider = services.BuildServiceProvider();

        var decision =
            await provider.GetRequiredService<IAiGuardrails>().EvaluateAsync(GuardrailStage.PreRequest, GuardrailContent.Empty, null, default);

        Assert.That(decision.Action, Is.EqualTo(GuardrailAction.Allow), "nothing to ask about, and a policy that loads");
    }

    private static string Find(string file)
    {
        var path = Checkout.FindAbove("shared", "reference", "policy-examples", file);
        if (path is null)
        {
            Assert.Ignore($"../shared/reference/policy-examples/{file} is not there");
        }

        return path!;
    }

    private static IReadOnlyList<SettingsProblem> Problems(string members)
    {
        using var services = Judged.Services();
        var settings = GuardrailSettings.Parse($"{{ {members} }}");
        services.GetServices<IGuardrailPlugin>().Single().Create(settings);
        return settings.Problems;
    }
}
