using System.Text.Json.Nodes;
using LlmGuard.Policy.Schema;

namespace LlmGuard.Tests.Policy;

public sealed class SettingsSchemaWriterTests
{
    [Test]
    public void Write_EveryKindOfKey_IsJsonSchema()
    {
        var plugin = new FakePlugin("mask", s =>
        {
            s.Int32("level", 3, 0, 10);
            s.OptionalInt32("any");
            s.Number("ratio", 0.5, 0, 1);
            s.Boolean("on", true);
            s.String("text", "x");
            s.RequiredString("must");
            s.Choice("choice", 1, new("one", 1), new("two", 2));
            s.Duration("window", TimeSpan.FromSeconds(1), TimeSpan.Zero, TimeSpan.MaxValue);
            s.Strings("words");
            s.Secret("key", required: true);
            s.Object("nested").Boolean("flag", false);
            s.List("rules", rule => rule.RequiredString("pattern"));
            s.Map("scores", score => score.Int32("value", 0, 0, 7));
            s.RawJson("template");
        });
        const string Expected = """
            {"type": "object", "properties": {
               "any": {"type": "integer"},
               "choice": {"type": "string", "enum": ["one", "two"], "default": "one"},
               "key": {"oneOf": [{"type": "object", "properties": {"$secret": {"type": "string"}}, "required": ["$secret"]}, {"type": "string"}]},
               "level": {"type": "integer", "minimum": 0, "maximum": 10, "default": 3},
               "must": {"type": "string"},
               "nested": {"type": "object", "properties": {"flag": {"type": "boolean", "default": false}}},
               "on": {"type": "boolean", "default": true},
               "ratio": {"type": "number", "minimum": 0, "maximum": 1, "default": 0.5},
               "rules": {"type": "array", "items": {"type": "object", "properties": {"pattern": {"type": "string"}}}},
               "scores": {"type": "object", "additionalProperties": {"type": "integer", "minimum": 0, "maximum": 7, "default": 0}},
               "template": {},
               "text": {"type": "string", "default": "x"},
               "window": {"type": "string", "description": "A duration such as 500ms, 1m30s or 24h."},
               "words": {"type": "array", "items": {"type": "string"}}
             }}
            """;
        var written = JsonNode.Parse(PolicySchema.Write([plugin], Read.Dispose))!["$defs"]!["mask"]!;
        Assert.That(written.ToJsonString(), Is.EqualTo(JsonNode.Parse(Expected)!.ToJsonString()));
    }

    [Test]
    public void Describe_PluginThatThrows_TellsWhatItHadRead()
    {
        var plugin = new FakePlugin("mask", s =>
        {
            s.String("first");
            throw new InvalidOperationException();
        });
        Assert.That(SettingsDescription.Of(plugin, Read.Dispose).Keys.Keys, Is.EqualTo(new[] { "first" }));
    }

    [Test]
    public void Describe_Evaluator_IsDisposed()
    {
        var plugin = new FakePlugin("mask");
        SettingsDescription.Of(plugin, Read.Dispose);
        Assert.That(plugin.Created.Single().Disposals, Is.EqualTo(1));
    }
}
