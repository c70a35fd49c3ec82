using System.Text;
using System.Text.Json;
using LlmGuard.AspNetCore.Tests.Doubles;
using Microsoft.AspNetCore.Builder;

namespace LlmGuard.AspNetCore.Tests;

/// <summary>What the sender of a request is told that nobody could inspect: enough to mend it, and nothing of its content.</summary>
public class UnreadableRequestTests
{
    private const string Chat = "/v1/chat/completions";
    private const string Policy = """
        {
          "gateway": {
            "name": "g",
            "uninspected": { "image": "block" },
            "limits": { "max_depth": 8, "max_body_bytes": 4096 },
            "required_plugins": [ { "name": "words", "stage": ["pre_request"] } ]
          }
        }
        """;

    [TestCase("{\"model\":\"m\",\n\"model\":\"secret\"}", 400, "it has the same name twice in one object, at line 2, byte 1")]
    [TestCase("{\"model\":\"m\"", 400, "it is not JSON (RFC 8259), at line 1, byte 13")]
    [TestCase("{\"model\":\"\\ud800\"}", 400, "it holds half of a surrogate pair in the string, at line 1, byte 10")]
    [TestCase("[[[[[[[[[]]]]]]]]]", 413, "its JSON is nested deeper than 8 levels")]
    public async Task Json_Unreadable_IsToldWhatToMend(string json, int status, string detail) =>
        Assert.That(await Refusal(Chat, Replies.Json(json)), Is.EqualTo((status, detail)));

    [Test]
    public async Task Image_ThatThePolicyRefuses_IsNamed()
    {
        const string Body =
            """{"model":"m","messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"https://example.com/a.png"}}]}]}""";

        Assert.That(await Refusal(Chat, Replies.Json(Body)), Is.EqualTo((403, "it holds what nobody can inspect and the policy refuses: image")));
    }

    [Test]
    public async Task JsonLines_WithABrokenLine_NamesTheLine()
    {
        var lines = new StringContent("{\"a\":1}\n\n{\"a\":2,}\n", Encoding.UTF8, "application/x-ndjson");

        Assert.That(await Refusal("/any", lines), Is.EqualTo((400, "line 3 of its JSON lines cannot be read")));
    }

    [Test]
    public async Task Multipart_WithoutBoundary_IsToldSo()
    {
        var content = new StringContent("--x\r\n\r\na\r\n--x--");
        content.Headers.ContentType = new("multipart/form-data");

        Assert.That(await Refusal("/any", content), Is.EqualTo((400, "its multipart boundary is missing or none (RFC 2046)")));
    }

    [Test]
    public async Task Text_NotUtf8_IsToldSo()
    {
        var content = new ByteArrayContent([(byte)'a', 0xFF]);
        content.Headers.ContentType = new("text/plain");

        Assert.That(await Refusal("/any", content), Is.EqualTo((400, "it is not UTF-8")));
    }

    [Test]
    public async Task Encoding_Unknown_IsToldWhichAreRead()
    {
        var content = Replies.Text("a");
        content.Headers.ContentEncoding.Add("zstd");

        Assert.That(
            await Refusal("/any", content),
                Is.EqualTo((415, "its encoding is not read here; UTF-8 is, as it is or compressed by gzip, deflate or br")));
    }

    [Test]
    public async Task Encoding_ThatTheBytesAreNot_IsToldSo()
    {
        var content = Replies.Text("a");
        content.Headers.ContentEncoding.Add("gzip");

        Assert.That(
            await Refusal("/any", content),
            Is.EqualTo((400, "it is not what its Content-Encoding, its Content-Type or its route promises")));
    }

    [Test]
    public async Task Body_TooLarge_IsToldSo() => Assert.That(
        await Refusal("/any", Replies.Text(new string('a', 5000))),
        Is.EqualTo((413, "it is longer than the 4096 bytes that the policy allows (max_body_bytes)")));

    /// <summary>
    /// The status, and what follows "The request could not be inspected: " in the message, in a dialect's error or in problem details.
    /// </summary>
    private static async Task<(int Status, string Detail)> Refusal(string path, HttpContent content)
    {
        await using var app = await GuardedApp.StartAsync(Policy, [ProbePlugin.Words()], e => e.MapPost(path, () => "never"));
        using var response = await app.Client.PostAsync(path, content);
        using var body = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        var message = body.RootElement.TryGetProperty("error", out var error)
            ? error.GetProperty("message").GetString()!
            : body.RootElement.GetProperty("detail").GetString()!;
        const string Start = "The request could not be inspected: ";
        Assert.That(message, Does.StartWith(Start).And.EndWith("."));
        return ((int)response.StatusCode, message[Start.Length..^1]);
    }
}
