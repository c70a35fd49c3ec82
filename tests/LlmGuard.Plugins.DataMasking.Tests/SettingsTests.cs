namespace LlmGuard.Plugins.DataMasking.Tests;

/// <summary>What settings are refused, and where.</summary>
public sealed class SettingsTests
{
    [TestCase("{}", "$: nothing to mask")]
    [TestCase("""{"rules": []}""", "$: nothing to mask")]
    [TestCase("""{"predefined_entities": [{"entity": "email", "enabled": false}]}""", "$: nothing to mask")]
    [TestCase("""{"apply_all": "yes"}""", "$.apply_all: expected a boolean, found a string")]
    [TestCase("""{"predefined_entities": [{"entity": "e_mail"}]}""", "$.predefined_entities[0].entity: no entity is called \"e_mail\"")]
    [TestCase("""{"apply_all": true, "predefined_entities": [{"entity": "nope"}]}""", "$.predefined_entities[0].entity: no entity")]
    [TestCase("""{"predefined_entities": [{"entity": "email", "min_confidence": 1.5}]}""",
        "$.predefined_entities[0].min_confidence: 1.5 is out of range")]
    [TestCase("""{"predefined_entities": [{"entity": "email"}, {"entity": "email"}]}""", "$.predefined_entities: names \"email\" twice")]
    [TestCase("""{"predefined_entities": [{"enabled": true}]}""", "$.predefined_entities[0].entity: is required")]
    [TestCase("""{"rules": [{"type": "keyword", "pattern": "a"}]}""", "$.rules[0].mask_with: is required")]
    [TestCase("""{"rules": [{"pattern": "a", "mask_with": "x"}]}""", "$.rules[0].type: is required")]
    [TestCase("""{"rules": [{"type": "glob", "pattern": "a", "mask_with": "x"}]}""", "$.rules[0].type: expected one of")]
    [TestCase("""{"rules": [{"type": "keyword", "mask_with": "x"}]}""", "$.rules[0].pattern: is required")]
    [TestCase("""{"rules": [{"type": "keyword", "pattern": "", "mask_with": "x"}]}""", "$.rules[0].pattern: must not be empty")]
    [TestCase("""{"rules": [{"type": "regex", "pattern": "a(?=b)", "mask_with": "x"}]}""", "$.rules[0].pattern: not a valid pattern: look-around")]
    [TestCase("""{"rules": [{"type": "regex", "pattern": "a*", "mask_with": "x"}]}""", "$.rules[0].pattern: the pattern matches the empty text")]
    [TestCase("""{"apply_all": true, "reversible_hashing": {"enabled": true, "secret": "s"}}""", "$.reversible_hashing.secret: is too short")]
    [TestCase("""{"apply_all": true, "reversible_hashing": {"enabled": true, "ttl": "1s"}}""", "$.reversible_hashing.ttl: 1s is out of range")]
    [TestCase("""{"apply_all": true, "reversible_hashing": {"enabled": true, "scope": "everyone"}}""", "$.reversible_hashing.scope: expected one of")]
    [TestCase("""{"apply_all": true, "hash_key": "short"}""", "$.hash_key: is too short")]
    [TestCase("""{"predefined_entities": [{"entity": "email", "action": "shred"}]}""", "$.predefined_entities[0].action: expected one of")]
    [TestCase("""{"predefined_entities": [{"entity": "email", "action": "reversible"}]}""", "$.predefined_entities[0].action: \"reversible\" needs")]
    [TestCase("""{"predefined_entities": [{"entity": "email", "action": "hash", "preserve_len": true}]}""",
        "$.predefined_entities[0].preserve_len: has a meaning for the action \"mask\" only")]
    [TestCase("""{"predefined_entities": [{"entity": "pii", "deny": ["x"]}]}""", "$.predefined_entities[0].entity: \"pii\" is a group")]
    [TestCase("""{"predefined_entities": [{"entity": "email", "deny": [""]}]}""", "$.predefined_entities[0].deny[0]: has 0 characters")]
    [TestCase("""{"predefined_entities": [{"entity": "email", "deny_patterns": ["a(?=b)"]}]}""",
        "$.predefined_entities[0].deny_patterns[0]: not a valid pattern")]
    [TestCase("""{"apply_all": true, "allow_patterns": ["a)|(b"]}""", "$.allow_patterns[0]: not a valid pattern")]
    [TestCase("""{"apply_all": true, "allow": [3]}""", "$.allow[0]: expected a string")]
    [TestCase("""{"apply_all": true, "similarity_threshold": 1.5}""", "$.similarity_threshold: 1.5 is out of range")]
    [TestCase("""{"apply_all": true, "max_edit_distance": -1}""", "$.max_edit_distance: -1 is out of range")]
    [TestCase("""{"strip_invisible": true, "allow": ["a"]}""", "$.allow: has no effect")]
    [TestCase("""{"apply_all": true, "reversible_hashing": {"secret": "0123456789abcdef"}}""",
        "$.reversible_hashing.secret: has no effect without \"enabled\": true")]
    [TestCase("""{"predefined_entities": [{"entity": "email", "action": "mask"}], "reversible_hashing": {"enabled": true}}""",
        "$.reversible_hashing: has no effect where")]
    [TestCase("""{"predefined_entities": [{"entity": "email", "mask_with": ""}]}""", "$.predefined_entities[0].mask_with: must not be empty")]
    [TestCase("""{"apply_all": true, "allow": []}""", "$.allow: must not be empty")]
    [TestCase("""{"predefined_entities": [{"entity": "email", "deny_patterns": []}]}""", "$.predefined_entities[0].deny_patterns: must not be empty")]
    public void Create_BadSettings_NameThePlace(string settings, string expected) =>
        Assert.That(Masking.Problems(settings), Has.Some.StartsWith(expected));

    [TestCase("""{"apply_all": true}""")]
    [TestCase("""{"apply_all": true, "predefined_entities": [{"entity": "vehicle_vin", "enabled": false}]}""")]
    [TestCase("""{"apply_all": true, "reversible_hashing": {"enabled": false}}""")]
    [TestCase("""{"predefined_entities": [{"entity": "email", "enabled": true, "mask_with": "x", "preserve_len": true}], "max_edit_distance": 1, "normalize_input": false}""")]
    [TestCase("""{"apply_all": true, "similarity_threshold": 0.9, "hash_key": "0123456789abcdef"}""")]
    [TestCase("""{"predefined_entities": [{"entity": "email", "action": "block", "mask_with": "x"}]}""")]
    public void Create_GoodSettings_HaveNoProblem(string settings) => Assert.That(Masking.Problems(settings), Is.Empty);

    [Test]
    public void Create_BadPattern_IsNotQuoted() =>
        Assert.That(Masking.Problems("""{"rules": [{"type": "regex", "pattern": "MARKER(", "mask_with": "x"}]}"""), Has.None.Contains("MARKER"));

    [Test]
    public void Metadata_SaysWhatThePluginIs()
    {
        var metadata = new DataMaskingPlugin().Metadata;
        Assert.Multiple(() =>
        {
            Assert.That(metadata.Name, Is.EqualTo("data_masking"));
            Assert.That(metadata.Stages, Is.EqualTo(new[] { GuardrailStage.PreRequest, GuardrailStage.PreResponse, GuardrailStage.PostResponse }));
            Assert.That(metadata.Rewrites, Is.True);
            Assert.That(metadata.SendsContentOut, Is.False);
            Assert.That(metadata.Streaming, Is.EqualTo(GuardrailStreaming.Span));
        });
    }
}
