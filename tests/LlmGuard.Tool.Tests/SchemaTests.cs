using System.Text.Json.Nodes;

namespace LlmGuard.Tool.Tests;

public sealed class SchemaTests
{
    private const string Root = """{"$schema": "./policy.schema.json", "gateway": {"required_plugins": [{"name": "request_size_limiter"}]}}""";

    [Test]
    public async Task Schema_Printed_NamesThePluginsAndWhatTheyRead()
    {
        var schema = await SchemaAsync();

        var entry = schema["$defs"]!["entry"]!;
        var plugins = entry["properties"]!["name"]!["enum"]!.AsArray().Select(name => (string)name!).ToArray();
        using (Assert.EnterMultipleScope())
        {
            Assert.That((string)schema["$schema"]!, Is.EqualTo("https://json-schema.org/draft/2020-12/schema"));
            Assert.That(plugins, Does.Contain("data_masking").And.Contain("rate_limiter"));
            Assert.That(entry["allOf"]!.AsArray(), Has.Count.EqualTo(plugins.Length));
            Assert.That(schema["$defs"]!["data_masking"]!["properties"]!.AsObject().Select(key => key.Key), Does.Contain("predefined_entities"));
            Assert.That(schema["$defs"]!["rate_limiter"]!["properties"]!["limits"]!["type"]!.ToJsonString(), Is.EqualTo("""["array","object"]"""));
        }
    }

    [TestCase(ToolRun.Both)]
    [TestCase(Root)]
    [TestCase("""{"rules": [{"path": "/a", "methods": ["POST"], "plugin_chain": [{"name": "data_masking", "stage": "pre_response", "timeout": "5s", "settings": {"predefined_entities": [{"entity": "email"}]}}]}]}""")]
    [TestCase("""{"rules": {"/a": {"plugin_chain": {"request_size_limiter": {"stage": ["pre_request"], "timeout": 500, "settings": {"allowed_payload_size": 1}}}}}, "allow_empty": true}""")]
    [TestCase("""{"gateway": {"required_plugins": [{"name": "rate_limiter", "settings": {"limits": {"global": {"limit": 5, "window": "1m"}}}}]}}""")]
    [TestCase("""{"gateway": {"required_plugins": [{"name": "toxicity_openai", "settings": {"openai_key": {"$secret": "Key"}}}], "limits": {"max_depth": 9}}, "identity": {"unidentified": "refuse"}}""")]
    public async Task Schema_PolicyTheEngineTakes_HasNothingItObjectsTo(string policy)
    {
        using var run = new ToolRun();
        Assert.That(await run.CommandAsync("validate", run.File("policy.json", policy)), Is.Zero, run.Error);

        Assert.That(Objections(JsonNode.Parse(policy)!, await SchemaAsync()), Is.Empty);
    }

    [TestCase("""{"gateway": {"required_plugins": [{"name": "data_maskin"}]}}""", "$.gateway.required_plugins[0].name: enum")]
    [TestCase("""{"gateway": {"required_plugins": [{"name": "data_masking", "settings": {"apply_all": "yes"}}]}}""",
        "$.gateway.required_plugins[0].settings.apply_all: type")]
    [TestCase("""{"gateway": {"required_plugins": [{"name": "data_masking", "stage": "before"}]}}""", "$.gateway.required_plugins[0].stage: oneOf")]
    [TestCase("""{"gateways": {}}""", "$.gateways: key")]
    public async Task Schema_PolicyTheEngineRefuses_ObjectsAtThePlace(string policy, string expected)
    {
        using var run = new ToolRun();
        Assert.That(await run.CommandAsync("validate", run.File("policy.json", policy)), Is.Not.Zero);

        Assert.That(Objections(JsonNode.Parse(policy)!, await SchemaAsync()), Is.EqualTo(new[] { expected }));
    }

    [Test]
    public async Task Validate_SchemaThatIsNoText_IsRefusedWithItsPath()
    {
        using var run = new ToolRun();
        var code =
            await run.CommandAsync("validate", run.File("policy.json", Root.Replace("\"./policy.schema.json\"", "1", StringComparison.Ordinal)));
        Assert.That(code, Is.EqualTo(1));
        Assert.That(run.Error, Does.Contain("$['$schema']").Or.Contain("$.$schema"));
    }

    private static async Task<JsonNode> SchemaAsync()
    {
        using var run = new ToolRun();
        Assert.That(await run.CommandAsync("schema"), Is.Zero, run.Error);
        return JsonNode.Parse(run.Output)!;
    }

    // As much of JSON schema as is written; unknown keys are told as well, where an editor would not complete them.
    private static List<string> Objections(JsonNode policy, JsonNode root)
    {
        var objections = new List<string>();
        Visit(policy, root, "$");
        return objections;

        void Visit(JsonNode? value, JsonNode schema, string path)
        {
            if ((string?)schema["$ref"] is { } reference)
            {
                schema = root["$defs"]![reference["#/$defs/".Length..]]!;
            }

            if (!IsOfType(value, schema["type"]))
            {
                objections.Add($"{path}: type");
            }
            else if (schema["enum"] is JsonArray words && !words.Any(word => JsonNode.DeepEquals(word, value)))
            {
                objections.Add($"{path}: enum");
            }
            else if (schema["oneOf"] is JsonArray forms && forms.Count(form => Fits(value, form!)) != 1)
            {
                objections.Add($"{path}: oneOf");
            }
            else if (value is JsonObject members && schema["additionalProperties"] is { } item)
            {
                Each(members, (key, member) => Visit(member, item, $"{path}.{key}"));
            }
            else if (value is JsonObject keyed && schema["properties"] is JsonObject { Count: > 0 } properties)
            {
                Each(keyed, (key, member) => VisitKey(key, member, properties, Conditional(keyed, schema), path));
            }
            else if (value is JsonArray items && schema["items"] is { } itemSchema)
            {
                for (var i = 0; i < items.Count; i++)
                {
                    Visit(items[i], itemSchema, $"{path}[{i}]");
                }
            }
        }

        void VisitKey(string key, JsonNode? member, JsonObject properties, JsonNode? conditional, string path)
        {
            if ((conditional?[key] ?? properties[key]) is { } known)
            {
                Visit(member, known, $"{path}.{key}");
            }
            else if (key != "$schema")
            {
                objections.Add($"{path}.{key}: key");
            }
        }

        bool Fits(JsonNode? value, JsonNode form) => IsOfType(value, form["type"]) && Objections(value!, form).Count == 0;
    }

    private static void Each(JsonObject members, Action<string, JsonNode?> visit)
    {
        foreach (var (key, member) in members)
        {
            visit(key, member);
        }
    }

    private static JsonNode? Conditional(JsonObject value, JsonNode schema) => (schema["allOf"] as JsonArray)?
        .FirstOrDefault(condition => JsonNode.DeepEquals(condition!["if"]!["properties"]!["name"]!["const"], value["name"]))?["then"]!["properties"];

    private static bool IsOfType(JsonNode? value, JsonNode? type)
    {
        var kind = value?.GetValueKind().ToString().ToLowerInvariant() switch
        {
            "true" or "false" => "boolean",
            { } other => other,
            null => "null",
        };
        return type switch
        {
            null => true,
            JsonArray several => several.Any(one => IsOfType(value, one)),
            _ => (string)type! == kind || ((string)type! == "integer" && kind == "number"),
        };
    }
}
