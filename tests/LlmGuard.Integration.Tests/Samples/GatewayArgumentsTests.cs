using System.Text;
using LlmGuard.Integration.Tests.Harness;
using LlmGuard.Tests.Net;
using Microsoft.AspNetCore.Http;

namespace LlmGuard.Integration.Tests.Samples;

/// <summary>The command line of the gateway example, which people and tests script.</summary>
[TestFixture]
[CancelAfter(180_000)]
public sealed class GatewayArgumentsTests
{
    private static CancellationToken Token => TestContext.CurrentContext.CancellationToken;

    [TestCase("--nonsense", "--nonsense")]
    [TestCase("--urls", "--urls")]
    [TestCase("not a url", "--upstream", "not a url")]
    [TestCase("no-such-file.json", "--policy", "no-such-file.json")]
    [TestCase("not host:port", "--redis", "localhost")]
    public async Task Start_ArgumentNotUnderstood_EndsWithTwoAndSaysWhatThereIs(string named, params string[] arguments)
    {
        await using var process = SampleProcess.Start("LlmGuard.Gateway", arguments);

        var (exitCode, output, errors) = await process.EndAsync(Token);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(exitCode, Is.EqualTo(2));
            Assert.That(errors, Does.Contain(named).And.Contain("--urls <url>"));
            Assert.That(output, Is.Empty);
        }
    }

    [Test]
    public async Task Start_PolicyThatIsNone_EndsWithAnErrorThatNamesThePlace()
    {
        var file = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(file, Chat.Gateway("""{ "name": "data_masking", "settings": { "no_such_key": 1 } }"""), Token);
            await using var process = SampleProcess.Start("LlmGuard.Gateway", "--urls", "http://127.0.0.1:0", "--policy", file);

            var (exitCode, output, errors) = await process.EndAsync(Token);

            using (Assert.EnterMultipleScope())
            {
                Assert.That(exitCode, Is.Not.Zero);
                Assert.That(output + errors, Does.Contain("gateway.required_plugins[0].settings.no_such_key"));
            }
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Test]
    public async Task Upstream_EveryPath_IsForwardedWithItsRawTargetAndConsumersByKey()
    {
        var policy = Path.GetTempFileName();
        var keys = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(
                policy,
                """
                {
                  "gateway": { "name": "G", "required_plugins": [
                    { "name": "data_masking", "settings": { "rules": [ { "type": "keyword", "pattern": "peach", "mask_with": "[EVERYONE]" } ] } } ] },
                  "consumers": [
                    { "name": "ann", "required_plugins": [ { "name": "prompt_moderation", "settings": { "keywords": ["plum"], "actions": { "type": "block", "message": "no" } } } ] },
                    { "name": "bob", "groups": [ "light" ] }
                  ],
                  "consumer_groups": [ { "name": "light", "required_plugins": [ { "name": "data_masking", "settings": { "rules": [ { "type": "keyword", "pattern": "plum", "mask_with": "[LIGHT]" } ] } } ] } ]
                }
                """,
                Token);
            await File.WriteAllTextAsync(
                keys, """{ "key-ann": { "consumer": "ann" }, "key-bob": { "consumer": "bob", "groups": ["light"] } }""", Token);
            await using var upstream = await RecordingUpstream.StartAsync(RecordingUpstream.JsonAsync(Chat.Answer("fine")));
            var (process, client) = await SampleProcess.StartGatewayAsync(
                Token, "--upstream", upstream.Url.ToString(), "--policy", policy, "--api-keys", keys);
            await using var _ = process;
            using var __ = client;

            var raw = await PostAsync(client.BaseAddress!, "/any%20where/a%2Fb//c?q=%41&q=b", "Authorization: Bearer key-of-the-upstream");
            var ann = await PostAsync(client.BaseAddress!, Chat.Path, "Authorization: Bearer key-ann");
            var bob = await PostAsync(client.BaseAddress!, Chat.Path, "X-Api-Key: key-bob");

            using (Assert.EnterMultipleScope())
            {
                Assert.That((raw.Status, ann.Status, bob.Status), Is.EqualTo((200, 403, 200)));
                Assert.That(upstream.Requests.Select(static r => r.RawTarget), Is.EqualTo(new[] { "/any%20where/a%2Fb//c?q=%41&q=b", Chat.Path }));
                Assert.That(upstream.Requests.Select(static r => r.Text),
                    Is.EqualTo(new[] { Chat.Request("[EVERYONE] plum"), Chat.Request("[EVERYONE] [LIGHT]") }));
                Assert.That(upstream.Requests[0].Headers["Authorization"], Is.EqualTo("Bearer key-of-the-upstream"));
                Assert.That(upstream.Requests[1].Headers.Keys, Has.No.Member("X-Api-Key"), "a key of the gateway is not the upstream's business");
            }
        }
        finally
        {
            File.Delete(policy);
            File.Delete(keys);
        }
    }

    [Test]
    public async Task Upstream_NotThere_IsABadGateway()
    {
        using var nobody = new ClosedPort();
        var (process, client) = await SampleProcess.StartGatewayAsync(Token, "--upstream", $"http://{nobody.Endpoint}");
        await using var _ = process;
        using var __ = client;

        var (status, _) = await client.PostAsync(Chat.Path, Chat.Request("hello"), Token);

        Assert.That(status, Is.EqualTo(502));
    }

    [Test]
    public async Task Upstream_BreaksOffAnAnswerThatIsHeld_IsABadGateway()
    {
        await using var upstream = await RecordingUpstream.StartAsync(static async (context, _) =>
        {
            context.Response.ContentType = "application/json";
            context.Response.ContentLength = 500;
            await context.Response.WriteAsync("{\"choices\":[", context.RequestAborted);
            await context.Response.Body.FlushAsync(context.RequestAborted);
            context.Abort();
        });
        var (process, client) = await SampleProcess.StartGatewayAsync(Token, "--upstream", upstream.Url.ToString());
        await using var _ = process;
        using var __ = client;

        var (status, _) = await client.PostAsync(Chat.Path, Chat.Request("hello"), Token);

        Assert.That(status, Is.EqualTo(502));
    }

    private static Task<RawAnswer> PostAsync(Uri gateway, string target, string credential) => RawHttp.SendAsync(
        gateway, "POST " + target, Encoding.UTF8.GetBytes(Chat.Request("peach plum")), ["Content-Type: application/json", credential], Token);
}
