using System.Text.Json;
using System.Text.RegularExpressions;
using Amazon.Runtime.Internal.Endpoints.StandardLibrary;
using LlmGuard.Plugins.BedrockGuardrail.Settings;
using LlmGuard.Tests.Repository;

namespace LlmGuard.Plugins.BedrockGuardrail.Tests;

public sealed class EndpointTests
{
    private static readonly string[] Regions =
    [
        "us-east-1", "eu-west-1", "ap-northeast-3", "sa-east-1", "cn-north-1", "cn-northwest-1", "us-gov-east-1", "us-gov-west-1", "us-iso-east-1",
        "us-isob-east-1", "eu-isoe-west-1", "us-isof-south-1", "eusc-de-east-1", "mx-central-1",
    ];

    [TestCase("us-east-1", false, false, "aws", "https://bedrock-runtime.us-east-1.amazonaws.com/")]
    [TestCase("us-east-1", true, false, "aws", "https://bedrock-runtime-fips.us-east-1.amazonaws.com/")]
    [TestCase("us-east-1", false, true, "aws", "https://bedrock-runtime.us-east-1.api.aws/")]
    [TestCase("us-east-1", true, true, "aws", "https://bedrock-runtime-fips.us-east-1.api.aws/")]
    [TestCase("cn-north-1", false, false, "aws-cn", "https://bedrock-runtime.cn-north-1.amazonaws.com.cn/")]
    [TestCase("us-gov-west-1", true, false, "aws-us-gov", "https://bedrock-runtime-fips.us-gov-west-1.amazonaws.com/")]
    [TestCase("us-iso-east-1", false, false, "aws-iso", "https://bedrock-runtime.us-iso-east-1.c2s.ic.gov/")]
    [TestCase("us-isob-east-1", false, false, "aws-iso-b", "https://bedrock-runtime.us-isob-east-1.sc2s.sgov.gov/")]
    [TestCase("eusc-de-east-1", false, false, "aws-eusc", "https://bedrock-runtime.eusc-de-east-1.amazonaws.eu/")]
    public void Resolve_KnownRegion_GivesItsEndpoint(string region, bool fips, bool dualStack, string partition, string expected)
    {
        Assert.That(BedrockEndpoints.IsRegion(region), Is.True);
        Assert.That(BedrockEndpoints.PartitionOf(region), Is.EqualTo(partition));
        Assert.That(BedrockEndpoints.Resolve(region, fips, dualStack), Is.EqualTo(new Uri(expected)));
    }

    [Test]
    public void Resolve_EveryCombination_FollowsTheServicesRules(
        [ValueSource(nameof(Regions))] string region,
        [Values] bool fips,
        [Values] bool dualStack)
    {
        var expected = RuleSet().Evaluate(region, fips, dualStack);
        string? actual = null;
        try
        {
            actual = BedrockEndpoints.Resolve(region, fips, dualStack).AbsoluteUri.TrimEnd('/');
        }
        catch (FormatException problem)
        {
            Assert.That(problem.Message, Does.Contain("endpoint"));
        }

        Assert.That(actual, Is.EqualTo(expected));
    }

    [TestCase("")]
    [TestCase("nonsense")]
    [TestCase("us-east")]
    [TestCase("us-east-")]
    [TestCase("us-east-1.evil.example")]
    [TestCase("us-east-1/")]
    [TestCase("US-EAST-1")]
    [TestCase("us-east-123")]
    [TestCase("us east-1")]
    [TestCase("üs-east-1")]
    [TestCase("us-east-1\n")]
    public void IsRegion_AnythingElse_IsRefused(string region) => Assert.That(BedrockEndpoints.IsRegion(region), Is.False);

    private static RuleSetReader RuleSet()
    {
        var path = Checkout.FindAbove("shared", "reference", "specs", "bedrock-runtime.endpoint-rule-set.botocore.json");
        if (path is null)
        {
            Assert.Ignore("../shared/reference/specs/bedrock-runtime.endpoint-rule-set.botocore.json is not there");
        }

        return new RuleSetReader(JsonDocument.Parse(File.ReadAllBytes(path!)).RootElement.GetProperty("ruleset"));
    }

    /// <summary>Evaluates the service's official rules. Null is an error of the rules.</summary>
    private sealed class RuleSetReader(JsonElement ruleSet)
    {
        public string? Evaluate(string region, bool fips, bool dualStack)
        {
            var scope =
                new Dictionary<string, object?>(StringComparer.Ordinal) { ["Region"] = region, ["UseFIPS"] = fips, ["UseDualStack"] = dualStack };
            return Try(ruleSet.GetProperty("rules"), scope, out var endpoint) ? endpoint : throw new InvalidOperationException("no rule applies");
        }

        private static bool Try(JsonElement rules, Dictionary<string, object?> scope, out string? endpoint)
        {
            foreach (var rule in rules.EnumerateArray())
            {
                var inner = new Dictionary<string, object?>(scope, StringComparer.Ordinal);
                if (!rule.GetProperty("conditions").EnumerateArray().All(c => Holds(c, inner)))
                {
                    continue;
                }

                switch (rule.GetProperty("type").GetString())
                {
                    case "tree" when Try(rule.GetProperty("rules"), inner, out endpoint):
                        return true;
                    case "endpoint":
                        endpoint = Regex.Replace(rule.GetProperty("endpoint").GetProperty("url").GetString()!, @"\{(\w+)(?:#(\w+))?\}", m =>
                            m.Groups[2].Success ? (string)Attribute(inner[m.Groups[1].Value]!, m.Groups[2].Value)!
                                : (string)inner[m.Groups[1].Value]!);
                        return true;
                    case "error":
                        endpoint = null;
                        return true;
                }
            }

            endpoint = null;
            return false;
        }

        private static bool Holds(JsonElement condition, Dictionary<string, object?> scope)
        {
            var result = Call(condition, scope);
            if (condition.TryGetProperty("assign", out var name))
            {
                scope[name.GetString()!] = result;
            }

            return result is not (null or false);
        }

        private static object? Call(JsonElement function, Dictionary<string, object?> scope)
        {
            var arguments = function.GetProperty("argv").EnumerateArray().Select(a => Value(a, scope)).ToArray();
            return function.GetProperty("fn").GetString() switch
            {
                "isSet" => arguments[0] is not null,
                "booleanEquals" => Equals(arguments[0], arguments[1]),
                "aws.partition" => Fn.Partition((string)arguments[0]!),
                "getAttr" => Attribute(arguments[0]!, (string)arguments[1]!),
                var unknown => throw new InvalidOperationException(unknown),
            };
        }

        private static object? Value(JsonElement argument, Dictionary<string, object?> scope) => argument.ValueKind switch
        {
            JsonValueKind.True => true,
            JsonValueKind.False => false,
            JsonValueKind.String => argument.GetString(),
            _ when argument.TryGetProperty("ref", out var name) => scope.GetValueOrDefault(name.GetString()!),
            _ => Call(argument, scope),
        };

        private static object? Attribute(object partition, string name) => (Partition)partition is var p ? name switch
        {
            "dnsSuffix" => p.dnsSuffix,
            "dualStackDnsSuffix" => p.dualStackDnsSuffix,
            "supportsFIPS" => p.supportsFIPS,
            "supportsDualStack" => p.supportsDualStack,
            _ => throw new InvalidOperationException(name),
        } : null;
    }
}
