namespace LlmGuard.Plugins.CodeSanitation.Tests;

/// <summary>What settings are refused, and where.</summary>
public sealed class SettingsTests
{
    [TestCase("""{"apply_all_languages": "yes"}""", "$.apply_all_languages: expected a boolean, found a string")]
    [TestCase("""{"languages": [{"language": "cobol", "enabled": true}]}""", "$.languages[0].language: expected one of")]
    [TestCase("""{"languages": [{"enabled": true}]}""", "$.languages[0].language: is required")]
    [TestCase("""{"languages": [{"language": "python", "enabled": 1}]}""", "$.languages[0].enabled: expected a boolean")]
    [TestCase("""{"languages": []}""", "$: selects no rule")]
    [TestCase("""{"languages": [{"language": "python", "enabled": false}]}""", "$: selects no rule")]
    [TestCase("""{"groups": []}""", "$: selects no rule")]
    [TestCase("""{"groups": ["network", "spam"]}""", "$.groups[1]: is no group of rules")]
    [TestCase("""{"min_severity": "critical"}""", "$.min_severity: expected one of")]
    [TestCase("""{"action": "delete"}""", "$.action: expected one of")]
    [TestCase("""{"action": "block", "status_code": 200}""", "$.status_code: 200 is out of range")]
    [TestCase("""{"action": "block", "sanitize_with": "x"}""", "$.sanitize_with: has no effect unless")]
    [TestCase("""{"action": "flag", "error_message": "x"}""", "$.error_message: has no effect when")]
    [TestCase("""{"action": "flag", "status_code": 422}""", "$.status_code: has no effect when")]
    [TestCase("""{"languages": ["cobol"]}""", "$.languages[0]: expected an object, found a string")]
    [TestCase("""{"action": "sanitize", "sanitize_with": "rm -rf /"}""", "$.sanitize_with: is itself what the rules find")]
    [TestCase("""{"custom_patterns": [{"name": "a"}]}""", "$.custom_patterns[0].pattern: is required")]
    [TestCase("""{"custom_patterns": [{"pattern": ""}]}""", "$.custom_patterns[0].pattern: must not be empty")]
    [TestCase("""{"custom_patterns": [{"pattern": "a(?=b)"}]}""", "$.custom_patterns[0].pattern: not a valid pattern: look-around")]
    [TestCase("""{"custom_patterns": [{"pattern": "MARKER("}]}""", "$.custom_patterns[0].pattern: not a valid pattern")]
    [TestCase("""{"custom_patterns": [{"pattern": "a", "content_type": "cookie"}]}""", "$.custom_patterns[0].content_type: expected one of")]
    public void Create_BadSettings_NameThePlace(string settings, string expected)
    {
        var reader = GuardrailSettings.Parse(settings);
        Code.Plugin.Create(reader);
        Assert.That(reader.Problems.Select(p => p.ToString()), Has.Some.StartsWith(expected).And.None.Contains("MARKER"));
    }

    [TestCase("{}")]
    [TestCase("""{"action": "sanitize", "status_code": 422, "error_message": "no"}""")]
    [TestCase("""{"apply_all_languages": true, "action": "sanitize", "sanitize_with": "gone"}""")]
    [TestCase("""{"apply_all_languages": false, "languages": [{"language": "javascript", "enabled": true}, {"language": "html", "enabled": false}], "custom_patterns": [{"name": "n", "pattern": "x1", "description": "d", "content_type": "all"}], "action": "block", "status_code": 422, "error_message": "no"}""")]
    [TestCase("""{"languages": [], "custom_patterns": [{"pattern": "x1"}]}""")]
    [TestCase("""{"groups": ["process_start", "deserialisation"], "min_severity": "low", "action": "flag"}""")]
    public void Create_GoodSettings_HaveNoProblem(string settings) => Assert.That(Code.Evaluator(settings), Is.Not.Null);

    [Test]
    public void Create_LanguageThatIsNoObject_IsOneProblem()
    {
        var reader = GuardrailSettings.Parse("""{"languages": ["cobol"]}""");
        Code.Plugin.Create(reader);
        Assert.That(reader.Problems, Has.Count.EqualTo(1));
    }

    [Test]
    public void Metadata_SaysWhatThePluginIs()
    {
        var metadata = Code.Plugin.Metadata;
        Assert.Multiple(() =>
        {
            Assert.That(metadata.Name, Is.EqualTo("code_sanitation"));
            Assert.That(metadata.Stages, Is.EqualTo(new[] { GuardrailStage.PreRequest, GuardrailStage.PostRequest, GuardrailStage.PreResponse }));
            Assert.That(metadata.DefaultStages, Is.EqualTo(new[] { GuardrailStage.PreRequest }));
            Assert.That(metadata.Streaming, Is.EqualTo(GuardrailStreaming.WholeText));
            Assert.That(metadata.DefaultStatusCode, Is.EqualTo(400));
            Assert.That(metadata.DefaultMessage, Is.EqualTo("Potential code injection detected"));
            Assert.That(metadata.SendsContentOut, Is.False);
        });
    }
}
