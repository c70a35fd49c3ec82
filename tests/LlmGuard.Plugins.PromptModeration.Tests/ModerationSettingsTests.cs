namespace LlmGuard.Plugins.PromptModeration.Tests;

public sealed class ModerationSettingsTests
{
    [TestCase("""{}""", "$: expected at least one item in \"keywords\" or \"regex\"")]
    [TestCase("""{"keywords": [], "regex": []}""", "$: expected at least one item in \"keywords\" or \"regex\"")]
    [TestCase("""{"keywords": "bomb"}""", "$.keywords: expected an array, found a string|$: expected at least one item in \"keywords\" or \"regex\"")]
    [TestCase("""{"keywords": ["a", 7]}""", "$.keywords[1]: expected a string, found a number")]
    [TestCase("""{"keywords": ["a", " "]}""", "$.keywords[1]: expected a text with something visible in it and at most 128 characters")]
    [TestCase("""{"regex": ["a", "(zzz"]}""", "$.regex[1]: not a valid pattern: a parenthesis that is not closed, near character 4")]
    [TestCase("""{"regex": ["(?=zzz)a", "b"]}""", "$.regex[0]: not a valid pattern: look-around, which cannot be matched in linear time")]
    [TestCase("""{"regex": ["z*"]}""", "$.regex[0]: the pattern matches the empty text")]
    [TestCase("""{"regex": ["a", ""]}""", "$.regex[1]: the pattern matches the empty text")]
    [TestCase("""{"regex": ["(zzz)\\1"]}""", "$.regex[0]: not a valid pattern: a back-reference")]
    [TestCase("""{"regex": ["(?:zzz{100}){1000}"]}""", "$.regex[0]: the pattern is too large")]
    [TestCase("""{"keywords": ["a"], "similarity_threshold": 1.5}""", "$.similarity_threshold: 1.5 is out of range")]
    [TestCase("""{"keywords": ["a"], "similarity_threshold": -1}""", "$.similarity_threshold: -1 is out of range")]
    [TestCase("""{"keywords": ["a"], "similarity_threshold": 0.05}""", "$.similarity_threshold: is so low that everything matches")]
    [TestCase("""{"keywords": ["a"], "similarity_threshold": "0.9"}""", "$.similarity_threshold: expected a number")]
    [TestCase("""{"keywords": ["a"], "actions": "block"}""", "$.actions: expected an object")]
    [TestCase("""{"keywords": ["a"], "actions": {"type": "alert"}}""",
        "$.actions.type: expected one of \"block\", \"mask\", \"flag\", \"reject\", found \"alert\"")]
    [TestCase("""{"keywords": ["a"], "actions": {"type": "flag", "message": "m"}}""", "$.actions.message: has no effect")]
    [TestCase("""{"keywords": ["a"], "actions": {"type": "block", "mask_with": "m"}}""", "$.actions.mask_with: has no effect")]
    [TestCase("""{"keywords": ["a"], "actions": {"mask": "m"}}""", "$.actions.mask: unknown key")]
    [TestCase("""{"keywords": ["a"], "topic": []}""", "$.topic: unknown key")]
    [TestCase("""{"topics": [{"keywords": ["a"]}]}""", "$.topics[0].name: is required")]
    [TestCase("""{"topics": [{"name": "A b", "keywords": ["a"]}]}""", "$.topics[0].name: expected at most 40 lower-case letters")]
    [TestCase("""{"topics": [{"name": "a", "keywords": ["a"]}, {"name": "a", "keywords": ["b"]}]}""",
        "$.topics[1].name: is the name of an earlier topic")]
    [TestCase("""{"keywords": ["x"], "topics": [{"name": "a"}]}""", "$.topics[0]: expected at least one item")]
    [TestCase("""{"topics": [{"name": "a", "keywords": ["x"], "roles": ["robot"]}]}""",
        "$.topics[0].roles[0]: expected one of system, user, assistant, tool")]
    [TestCase("""{"topics": [{"name": "a", "keywords": ["x"], "roles": []}]}""", "$.topics[0].roles: names no role")]
    [TestCase("""{"topics": [{"name": "a", "keywords": [" "]}]}""", "$.topics[0].keywords[0]: expected a text with something visible")]
    [TestCase("""{"topics": [{"name": "a", "regex": ["(zzz"]}]}""", "$.topics[0].regex[0]: not a valid pattern")]
    [TestCase("""{"topics": [{"name": "a", "keywords": ["x"], "action": "flag"}]}""", "$.topics[0].action: unknown key")]
    [TestCase("""{"keywords": ["a"], "regex": {"a": "zzz"}}""", "$.regex: expected an array")]
    [TestCase("""{"keywords": ["a"], "regex": [true]}""", "$.regex[0]: expected a string")]
    [TestCase("""{"keywords": ["a"], "regex": ["zzz[b-a]"]}""", "$.regex[0]: not a valid pattern")]
    [TestCase("""{"keywords": ["a"], "regex": ["zzz{3,2}"]}""", "$.regex[0]: not a valid pattern")]
    [TestCase("""{"keywords": ["a"], "topics": {"name": "a"}}""", "$.topics: expected an array")]
    [TestCase("""{"keywords": ["a"], "topics": ["a"]}""", "$.topics[0]: expected an object")]
    [TestCase("""{"topics": [{"name": 7, "keywords": ["x"]}]}""", "$.topics[0].name: expected a string")]
    [TestCase("""{"topics": [{"name": "", "keywords": ["x"]}]}""", "$.topics[0].name: ")]
    [TestCase("""{"topics": [{"name": "a", "keywords": ["x"], "roles": "user"}]}""", "$.topics[0].roles: expected an array")]
    [TestCase("""{"topics": [{"name": "a", "keywords": ["x"], "roles": ["user", 7]}]}""", "$.topics[0].roles[1]: expected a string")]
    [TestCase("""{"topics": [{"name": "a", "keywords": {}}]}""",
        "$.topics[0].keywords: expected an array|$.topics[0]: expected at least one item|$: expected at least one item")]
    [TestCase("""{"topics": [{"name": "a", "keywords": []}]}""", "$.topics[0]: expected at least one item|$: expected at least one item")]
    [TestCase("""{"keywords": [null]}""", "$.keywords[0]: expected a string")]
    [TestCase("""{"keywords": ["a"], "actions": {"type": 7}}""", "$.actions.type: expected")]
    [TestCase("""{"keywords": ["a"], "actions": {"type": ""}}""", "$.actions.type: expected one of")]
    [TestCase("""{"keywords": ["a"], "actions": {"message": []}}""", "$.actions.message: expected a string")]
    [TestCase("""{"keywords": ["a"], "actions": {"type": "mask", "mask_with": 7}}""", "$.actions.mask_with: expected a string")]
    [TestCase("""{"keywords": ["a"], "actions": []}""", "$.actions: expected an object")]
    [TestCase("""{"keywords": ["a"], "similarity_threshold": 1e400}""", "$.similarity_threshold: ")]
    public void Create_WrongSettings_NamesThePlace(string json, string expected)
    {
        var settings = GuardrailSettings.Parse(json);
        Moderation.Plugin.Create(settings);
        Unread(settings);
        Assert.That(settings.Problems, Has.Count.EqualTo(expected.Split('|').Length));
        foreach (var part in expected.Split('|'))
        {
            Assert.That(settings.Problems.Select(p => p.ToString()), Has.Some.StartsWith(part));
        }

        Assert.That(string.Join(' ', settings.Problems), Does.Not.Contain("zzz"), "a problem quotes no pattern");
    }

    [Test]
    public void Create_KeywordThatIsTooLong_NamesThePlaceAndTheLimit()
    {
        var settings = GuardrailSettings.Parse($$"""{"keywords": ["{{new string('z', 128)}}", "{{new string('z', 129)}}"]}""");
        Moderation.Plugin.Create(settings);
        Assert.That(settings.Problems.Select(p => p.ToString()),
            Is.EqualTo(new[] { "$.keywords[1]: expected a text with something visible in it and at most 128 characters" }));
    }

    [TestCase("""{"keywords": ["bomb"]}""")]
    [TestCase("""{"regex": ["b.mb"], "similarity_threshold": 0}""")]
    [TestCase("""{"keywords": ["bomb"], "regex": [], "similarity_threshold": 1, "actions": {"type": "reject", "message": "no: %s"}}""")]
    [TestCase("""{"keywords": ["bomb"], "actions": {"type": "mask", "mask_with": ""}}""")]
    [TestCase("""{"keywords": ["bomb"], "actions": {}}""")]
    public void Create_ValidSettings_HasNoProblem(string json)
    {
        var settings = GuardrailSettings.Parse(json);
        Moderation.Plugin.Create(settings);
        Unread(settings);
        Assert.That(settings.Problems, Is.Empty);
    }

    [Test]
    public void Metadata_Plugin_IsAsDocumented()
    {
        var metadata = Moderation.Plugin.Metadata;
        Assert.That(metadata.Name, Is.EqualTo("prompt_moderation"));
        Assert.That(metadata.Stages, Is.EqualTo(new[] { GuardrailStage.PreRequest, GuardrailStage.PostRequest, GuardrailStage.PreResponse }));
        Assert.That(metadata.DefaultStages, Is.EqualTo(new[] { GuardrailStage.PreRequest }));
        Assert.That(metadata.DefaultStatusCode, Is.EqualTo(403));
        Assert.That((metadata.Rewrites, metadata.RunsInline), Is.EqualTo((true, true)));
    }

    private static void Unread(GuardrailSettings settings) => settings.ReportUnread();
}
