using System.Net;
using System.Text;
using System.Text.Json;
using LlmGuard.FakeClouds.Azure;

namespace LlmGuard.Plugins.ToxicityAzure.Tests;

/// <summary>The fake is strict: what Azure would refuse it refuses, in Azure's words, and notes.</summary>
public sealed class FakeTests
{
    private static readonly string TooLong = new('x', 10_001);

    public static IEnumerable<TestCaseData> BadBodies()
    {
        yield return Bad("text:analyze", "[]");
        yield return Bad("text:analyze", "{}");
        yield return Bad("text:analyze", """{"text":1}""");
        yield return Bad("text:analyze", """{"text":""}""");
        yield return Bad("text:analyze", """{"text":"a","text":"b"}""");
        yield return Bad("text:analyze", """{"text":"a","stream":true}""");
        yield return Bad("text:analyze", """{"text":"a","categories":["hate"]}""");
        yield return Bad("text:analyze", """{"text":"a","categories":["Hate","Hate"]}""");
        yield return Bad("text:analyze", """{"text":"a","categories":"Hate"}""");
        yield return Bad("text:analyze", """{"text":"a","outputType":"Four"}""");
        yield return Bad("text:analyze", """{"text":"a","haltOnBlocklistHit":"yes"}""");
        yield return Bad("text:analyze", """{"text":"a","blocklistNames":null}""");
        yield return Bad("text:analyze", $$"""{"text":"{{TooLong}}"}""");
        yield return Bad("image:analyze", "{}");
        yield return Bad("image:analyze", """{"image":"aGk="}""");
        yield return Bad("image:analyze", """{"image":{}}""");
        yield return Bad("image:analyze", """{"image":{"content":"iVBORw==","blobUrl":"https://a.blob.core.windows.net/x"}}""");
        yield return Bad("image:analyze", """{"image":{"content":"%"}}""");
        yield return Bad("image:analyze", """{"image":{"blobUrl":"https://example.com/x"}}""");
        yield return Bad("image:analyze", """{"image":{"content":"iVBORw=="},"outputType":"EightSeverityLevels"}""");
        yield return Bad("text:shieldPrompt", "{}");
        yield return Bad("text:shieldPrompt", $$"""{"userPrompt":"{{TooLong}}"}""");
        yield return Bad("text:shieldPrompt", """{"documents":["1","2","3","4","5","6"]}""");
        yield return Bad("text:shieldPrompt", $$"""{"documents":["{{TooLong[..5001]}}","{{TooLong[..5000]}}"]}""");
        yield return Bad("text:shieldPrompt", """{"userPrompt":"a","prompts":[]}""");
        yield return Bad("text:detectProtectedMaterial", """{"text":"too short"}""");
    }

    [TestCaseSource(nameof(BadBodies))]
    public async Task Fake_BodyThatAzureRefuses_IsRefusedAndNoted(string operation, string body)
    {
        await using var fake = new FakeAzureContentSafety();
        await fake.StartAsync();

        var (status, answer, header) = await PostAsync(fake, $"{operation}?api-version=2024-09-01", body);

        Assert.That(status, Is.EqualTo(HttpStatusCode.BadRequest));
        Assert.That(header, Is.EqualTo("InvalidRequestBody"));
        Assert.That(JsonDocument.Parse(answer).RootElement.GetProperty("error").GetProperty("code").GetString(), Is.EqualTo("InvalidRequestBody"));
        Assert.That(fake.Violations, Has.Count.EqualTo(1));
    }

    [TestCase("text:analyze", 404)]
    [TestCase("text:analyze?api-version=2024-09-01&x=1", 404)]
    [TestCase("text%3Aanalyze?api-version=2024-09-01", 200)]
    [TestCase("text:analyse?api-version=2024-09-01", 404)]
    [TestCase("text:shieldPrompt?api-version=2023-10-01", 404)]
    [TestCase("text:detectProtectedMaterial?api-version=2023-10-01", 404)]
    public async Task Fake_AddressThatAzureDoesNotHave_IsNotFound(string target, int expected)
    {
        await using var fake = new FakeAzureContentSafety();
        await fake.StartAsync();

        var (status, _, header) = await PostAsync(fake, target, """{"text":"a"}""");

        Assert.That((int)status, Is.EqualTo(expected));
        Assert.That(header, Is.Null, "the gateway's errors have no such header");
    }

    [TestCase("wrong", null)]
    [TestCase(null, null)]
    [TestCase(null, "Bearer wrong")]
    [TestCase(null, FakeAzureContentSafety.Token)]
    public async Task Fake_WrongProof_IsDenied(string? key, string? authorization)
    {
        await using var fake = new FakeAzureContentSafety();
        await fake.StartAsync();

        var (status, answer, header) = await PostAsync(fake, "text:analyze?api-version=2024-09-01", """{"text":"a"}""", key, authorization);

        Assert.That(status, Is.EqualTo(HttpStatusCode.Unauthorized));
        Assert.That(answer, Does.Contain("\"code\":\"401\""));
        Assert.That(header, Is.Null);
    }

    private static TestCaseData Bad(string operation, string body) =>
        new TestCaseData(operation, body).SetArgDisplayNames(operation, body.Length > 90 ? body[..60] + "..." : body);

    private static Task<(HttpStatusCode Status, string Body, string? Code)> PostAsync(FakeAzureContentSafety fake, string target, string body) =>
        PostAsync(fake, target, body, FakeAzureContentSafety.Key, null);

    private static async Task<(HttpStatusCode Status, string Body, string? Code)> PostAsync(
        FakeAzureContentSafety fake,
        string target,
        string body,
        string? key,
        string? authorization)
    {
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(fake.Address.AbsoluteUri + "contentsafety/" + target));
        request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        if (key is not null)
        {
            request.Headers.Add("Ocp-Apim-Subscription-Key", key);
        }

        if (authorization is not null)
        {
            request.Headers.TryAddWithoutValidation("Authorization", authorization);
        }

        using var response = await client.SendAsync(request);
        return (response.StatusCode, await response.Content.ReadAsStringAsync(),
            response.Headers.TryGetValues("x-ms-error-code", out var code) ? code.Single() : null);
    }
}
