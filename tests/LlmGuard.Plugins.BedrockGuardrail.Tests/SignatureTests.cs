using System.Globalization;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using Amazon.Runtime;
using LlmGuard.FakeClouds.Bedrock;
using LlmGuard.FakeClouds.Hosting;
using LlmGuard.Plugins.BedrockGuardrail.Credentials;

namespace LlmGuard.Plugins.BedrockGuardrail.Tests;

/// <summary>The signatures of the AWS SDK against the specification, written down a second time in the fake.</summary>
public sealed class SignatureTests
{
    private const string ExampleSecret = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
    private const string Stamp = "20150830T123600Z";

    private static readonly string NoBody = Convert.ToHexStringLower(SHA256.HashData([]));

    // Published by AWS: two of its test suite, and the worked example of the documentation.
    [TestCase("GET", "/", "host|x-amz-date", "example.amazonaws.com|20150830T123600Z", "service",
        "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31")]
    [TestCase("POST", "/", "host|x-amz-date", "example.amazonaws.com|20150830T123600Z", "service",
        "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b")]
    [TestCase(
        "GET",
        "/?Version=2010-05-08&Action=ListUsers",
        "content-type|host|x-amz-date",
        "application/x-www-form-urlencoded; charset=utf-8|iam.amazonaws.com|20150830T123600Z",
        "iam",
        "5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7")]
    public void Sign_PublishedExample_GivesThePublishedSignature(string method, string target, string names, string values, string service,
        string expected)
    {
        var headers = names.Split('|').Zip(values.Split('|')).ToDictionary(h => h.First, h => h.Second);

        var canonical = SignatureV4.Canonical(method, target, n => headers[n], names.Split('|'), NoBody);

        Assert.That(SignatureV4.Sign(ExampleSecret, Stamp, "20150830", "us-east-1", service, canonical), Is.EqualTo(expected));
    }

    [TestCase("/guardrail/abc/version/DRAFT/apply")]
    [TestCase("/guardrail/arn%3Aaws%3Abedrock%3Aeu-west-1%3A123456789012%3Aguardrail%2Fabc/version/1/apply")]
    [TestCase("/prefix/a%20b/%E2%82%AC/guardrail-checks/invoke")]
    public async Task Apply_AnyPathBodyAndIdentity_HoldsByTheSpecification(string path)
    {
        foreach (var (identity, body) in from hasToken in new[] { false, true } from body in new[] { "", "{}",
            "{\"text\":\"größer 😀 \\u0000\"}" } select (Identity(hasToken), body))
        {
            var request = await SignedAsync(identity, path, Encoding.UTF8.GetBytes(body));

            Assert.That(SignatureV4.Check(request, identity, "eu-west-1", "bedrock", Now), Is.Null);
        }
    }

    [Test]
    public async Task Apply_RandomRequests_HoldByTheSpecification()
    {
        var random = new Random(20151);
        for (var i = 0; i < 300; i++)
        {
            var identity = new AwsIdentity("AKIA" + random.Next(), Random(random, 40), random.Next(2) == 0 ? null : Random(random, 200));
            var path = "/" + string.Join('/', Enumerable.Range(0, random.Next(1, 6)).Select(_ => Uri.EscapeDataString(Unicode(random))));
            var body = new byte[random.Next(0, 4000)];
            random.NextBytes(body);

            var request = await SignedAsync(identity, path, body);

            Assert.That(SignatureV4.Check(request, identity, "eu-west-1", "bedrock", Now), Is.Null, path);
        }
    }

    [Test]
    public async Task Check_AnythingChanged_IsSeen()
    {
        var identity = Identity(hasToken: true);
        var request = await SignedAsync(identity, "/guardrail/abc/version/1/apply", "{}"u8.ToArray());
        FakeRequest With(string header, string value) =>
            request with { Headers = new Dictionary<string, string>(request.Headers, StringComparer.OrdinalIgnoreCase) { [header] = value } };
        var changed = new Dictionary<string, FakeRequest>
        {
            ["body"] = request with { Body = "[]"u8.ToArray() },
            ["method"] = request with { Method = "PUT" },
            ["path"] = request with { RawTarget = "/guardrail/abd/version/1/apply" },
            ["query"] = request with { RawTarget = request.RawTarget + "?a=b" },
            ["host"] = With("Host", "evil.example"),
            ["content type"] = With("Content-Type", "text/plain"),
            ["date"] = With("X-Amz-Date", Now.AddSeconds(1).ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture)),
            ["digest"] = With("X-Amz-Content-SHA256", NoBody),
            ["token"] = With("X-Amz-Security-Token", "other"),
            ["unsigned amz header"] = With("X-Amz-Target", "x"),
            ["signature"] = With("Authorization", request.Header("Authorization")![..^1] + "g"),
            ["scheme"] = With("Authorization", "AWS4-HMAC-SHA1 x"),
        };

        foreach (var (what, other) in changed)
        {
            Assert.That(SignatureV4.Check(other, identity, "eu-west-1", "bedrock", Now), Is.Not.Null, what);
        }

        Assert.That(SignatureV4.Check(request, identity with { SecretKey = "other" }, "eu-west-1", "bedrock", Now), Is.Not.Null, "secret");
        Assert.That(SignatureV4.Check(request, identity, "us-east-1", "bedrock", Now), Is.Not.Null, "region");
        Assert.That(SignatureV4.Check(request, identity, "eu-west-1", "bedrock-runtime", Now), Is.Not.Null, "service");
        Assert.That(SignatureV4.Check(request, identity, "eu-west-1", "bedrock", Now.AddMinutes(6)), Is.Not.Null, "age");
        Assert.That(SignatureV4.Check(request, identity, "eu-west-1", "bedrock", Now), Is.Null, "nothing");
    }

    private static DateTimeOffset Now { get; } = new(2026, 8, 30, 23, 59, 59, TimeSpan.Zero);

    private static AwsIdentity Identity(bool hasToken) => new("AKIDEXAMPLE", ExampleSecret, hasToken ? "IQoJb3JpZ2luX2VjEA//token==" : null);

    private static async Task<FakeRequest> SignedAsync(AwsIdentity identity, string path, byte[] body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri("https://bedrock-runtime.eu-west-1.amazonaws.com" + path));
        request.Content = new ByteArrayContent(body);
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        AWSCredentials credentials = identity.SessionToken is null
            ? new BasicAWSCredentials(identity.AccessKey, identity.SecretKey)
            : new SessionAWSCredentials(identity.AccessKey, identity.SecretKey, identity.SessionToken);
        await new SignedCredential("id", () => credentials, "eu-west-1", new FixedTime()).ApplyAsync(request, body, default);
        var headers = request.Headers.Concat(request.Content.Headers)
            .ToDictionary(h => h.Key, h => string.Join(',', h.Value), StringComparer.OrdinalIgnoreCase);
        headers["Host"] = request.RequestUri!.Authority;
        return new FakeRequest(
            "POST", Uri.UnescapeDataString(path), request.RequestUri.PathAndQuery, new Dictionary<string, string>(), headers, body);
    }

    private static string Random(Random random, int length) =>
        new([.. Enumerable.Range(0, length).Select(_ => "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/="[random.Next(65)])]);

    private static string Unicode(Random random) =>
        "x" + string.Concat(Enumerable.Range(0, random.Next(12))
            .Select(_ => new Rune(random.Next(4) == 0 ? random.Next(0x1F600, 0x1F640) : random.Next(0x20, 0x7F)).ToString()));

    private sealed class FixedTime : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => Now;
    }
}
