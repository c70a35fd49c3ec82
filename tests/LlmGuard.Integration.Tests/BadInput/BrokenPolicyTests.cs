using System.Text.Json.Nodes;
using LlmGuard.Tests.Fuzzing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace LlmGuard.Integration.Tests.BadInput;

/// <summary>
/// Policies of every plugin with something broken somewhere: each is loaded or refused, every problem by its place and in words that tell what was
/// expected. No other exception leaves, and no problem is one.
/// </summary>
[Parallelizable]
public sealed class BrokenPolicyTests
{
    private const int Seed = 20261123;

    // What stands where something else belongs.
    private static readonly string[] Odd =
    [
        "null", "true", "false", "0", "-1", "1", "0.5", "1e308", "-1e308", "9223372036854775807", "9223372036854775808", "1.5", "\"\"", "\" \"",
            "\"x\"", "\"*\"", "[]", "{}",
        "[null]", "[[]]", "[{}]", "{\"\":1}", "{\"type\":\"x\"}", "{\"$secret\":\"Nobody\"}", "{\"$secret\":1}", "\"5m\"", "\"-5m\"",
            "\"9999999999h\"", "\"1h1h\"", "\"5\"",
        "\"[[:]x]\"", "\"(a+\"", "\"\\\\\"", "\"(?=a)\"", "\"\\\\p{\"", "\"a{9999}\"", "\"block\"", "\"mask\"", "\"pre_request\"",
            "[\"pre_request\",\"pre_request\"]", "\"\\u0000\"",
        "\"https://\"", "\"http://169.254.169.254/\"", "\"file:///etc/passwd\"", "\"http://[::1\"", "\"/v1/*\"", "\"/**/*/\"", "\"{a}/{a}\"",
            "\"\\ud83d\\ude00\"", "\"é\"",
    ];

    private static readonly string[] Documents =
    [
        """
        {"gateway":{"name":"g","deny_with":"completion","limits":{"max_body_bytes":1000,"max_depth":8},"uninspected":{"image":"block"},"required_plugins":[
          {"name":"data_masking","id":"m","stage":["pre_request","pre_response"],"priority":3,"settings":{"predefined_entities":[
            {"entity":"email","action":"hash"},{"entity":"credit_card","preserve_len":true,"min_confidence":0.5}],
            "rules":[{"type":"regex","pattern":"PRJ-\\d{4}","mask_with":"[P]"},{"type":"keyword","pattern":"bluebird","mask_with":"[B]"}]}},
          {"name":"prompt_moderation","roles":["user"],"kinds":["message"],"settings":{"keywords":["abc","d e"],"regex":["x[0-9]+"],"similarity_threshold":0.9,
            "actions":{"type":"block","message":"No."}}},
          {"name":"injection_protection","sources":["body","headers"],"settings":{"action":"flag","predefined_injections":[{"type":"sql","enabled":true}],
            "custom_injections":[{"name":"n","pattern":"a[bc]+"}]}},
          {"name":"code_sanitation","mode":"monitor","settings":{"languages":[{"language":"python","enabled":true}]}},
          {"name":"request_size_limiter","locked":true,"settings":{"allowed_payload_size":1,"size_unit":"megabytes"}},
          {"name":"rate_limiter","on_error":"allow","settings":{"limits":[{"by":"consumer","windows":[{"limit":5,"window":"10s"}],"max_concurrent":4}]}},
          {"name":"token_rate_limiter","stage":["pre_request","post_response"],"settings":{"by":"consumer","aggregate":{"max":200000,"time_window":"1h"}}}]},
         "services":[{"id":"openai","required_plugins":[{"id":"m","enabled":false,"name":"data_masking"}]}],
         "rules":[{"path":"/v1/chat/*","methods":["POST"],"service_id":"openai","dialect":"openai.chat_completions","plugin_chain":[]}],
         "consumer_groups":[{"name":"premium","required_plugins":[]}],"consumers":[{"name":"alice","groups":["premium"],"required_plugins":[]}],
         "identity":{"consumer_claims":["sub"],"group_claims":["groups"],"unidentified":"gateway_only"}}
        """,
        """
        {"gateway":{"required_plugins":[
          {"name":"bedrock_guardrail","timeout_ms":900,"settings":{"guardrail_id":"gr1","version":"1","credentials":{"aws_access_key":{"$secret":"A"},
            "aws_secret_key":{"$secret":"B"},"aws_region":"eu-west-1"}}},
          {"name":"toxicity_azure","parallel":true,"settings":{"api_key":{"$secret":"A"},"endpoint":"https://a.cognitiveservices.azure.com","actions":{"type":"block"}}},
          {"name":"toxicity_openai","stage":["pre_response"],"streaming":{"mode":"head","head_chars":300},"settings":{"api_key":{"$secret":"A"},"thresholds":{"hate":0.5}}},
          {"name":"neuraltrust_guardrail","settings":{"token":{"$secret":"A"},"endpoint":"https://judge.example.com","jailbreak":{"threshold":0.8},"toxicity":{"threshold":0.7}}},
          {"name":"noma_runtime_protection","settings":{"client_id":"c","client_secret":{"$secret":"A"},"application_id":"x"}},
          {"name":"external_api","settings":{"endpoint":"https://judge.example.com/check","method":"POST","headers":{"X-Key":{"$secret":"A"}}}}]}}
        """,
    ];

    [Test]
    [CancelAfter(600_000)]
    public void Load_PolicyWithSomethingBroken_IsLoadedOrRefusedByPlaces([Range(0, 1)] int document)
    {
        var (random, refused, rounds) = (new Random(Seed + document), 0, FuzzBudget.Of(50));
        for (var round = 0; round < rounds; round++)
        {
            var policy = Break(Documents[document], random);
            try
            {
                Load(policy);
            }
            catch (GuardrailPolicyException refusal)
            {
                refused++;
                Assert.That(refusal.Problems, Is.Not.Empty, () => $"{refusal.Message}\n{policy}");
                foreach (var problem in refusal.Problems)
                {
                    Assert.That(problem.Path, Does.StartWith("$"), () => $"{problem.Message}\n{policy}");
                    Assert.That(problem.Message, Is.Not.Empty.And.Not.Contains("Exception"), () => $"{problem.Path}\n{policy}");
                }
            }
            catch (Exception other)
            {
                Assert.Fail($"{other.GetType().Name}: {other.Message}\n{policy}\n{other.StackTrace}");
            }
        }

        Assert.That(refused, Is.InRange(rounds / 10, rounds * 99 / 100), "Both must occur, or nothing was tried.");
    }

    [Test]
    public void Load_PolicyAsItWas_IsLoaded([Range(0, 1)] int document) => Assert.That(() => Load(Documents[document]), Throws.Nothing);

    private static void Load(string policy)
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["AiGuardrails:Secrets:A"] = "0123456789abcdef0123456789abcdef",
            ["AiGuardrails:Secrets:B"] = "0123456789abcdef0123456789abcdef",
        }).Build());
        services.AddAiGuardrails(options => options.PolicyJson = policy)
            .AddBedrockGuardrail().AddCodeSanitation().AddDataMasking().AddExternalApi().AddInjectionProtection().AddNeuralTrustGuardrail()
            .AddNomaRuntimeProtection().AddPromptModeration().AddRateLimiter().AddRequestSizeLimiter().AddTokenRateLimiter().AddToxicityAzure()
            .AddToxicityOpenAI();
        using var provider = services.BuildServiceProvider();
        provider.GetRequiredService<IGuardrailPolicyExplainer>().Explain(new GuardrailPlanQuery());
    }

    // One or two places: a value becomes another, is taken away, is told twice or goes by another name.
    private static string Break(string document, Random random)
    {
        var root = JsonNode.Parse(document)!;
        for (var times = random.Next(1, 3); times > 0; times--)
        {
            var places = Places(root).ToArray();
            if (places.Length == 0)
            {
                break;
            }

            var place = places[random.Next(places.Length)];
            var odd = JsonNode.Parse(Odd[random.Next(Odd.Length)]);
            switch (place.Parent, random.Next(6))
            {
                case (JsonObject parent, 0):
                    parent.Remove(place.GetPropertyName());
                    break;
                case (JsonObject parent, 1):
                    var name = place.GetPropertyName();
                    parent.Remove(name);
                    parent[random.Next(2) == 0 ? name + "s" : "name"] = place;
                    break;
                case (JsonObject parent, 2):
                    parent["extra"] = odd;
                    break;
                case (JsonArray parent, 0 or 1):
                    parent.Add(place.DeepClone());
                    break;
                case (JsonArray parent, 2):
                    parent.Insert(0, odd);
                    break;
                default:
                    place.ReplaceWith(odd);
                    break;
            }
        }

        return root.ToJsonString();
    }

    private static IEnumerable<JsonNode> Places(JsonNode node) => node switch
    {
        JsonObject members => members.Where(static m => m.Value is not null).SelectMany(static m => Places(m.Value!).Prepend(m.Value!)),
        JsonArray items => items.Where(static i => i is not null).SelectMany(static i => Places(i!).Prepend(i!)),
        _ => [],
    };
}
