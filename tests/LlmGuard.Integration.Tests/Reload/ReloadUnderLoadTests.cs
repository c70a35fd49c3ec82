using System.Collections.Concurrent;
using LlmGuard.Integration.Tests.Harness;

namespace LlmGuard.Integration.Tests.Reload;

/// <summary>Two consumers with different policies, many requests at once, and a policy file that is rewritten every 50 ms.</summary>
[TestFixture]
[CancelAfter(300_000)]
public sealed class ReloadUnderLoadTests
{
    private const int AtOnce = 200;
    private const int RoundsAtLeast = 5;
    private const int RoundsAtMost = 60;

    [Test]
    public async Task Requests_WhileThePolicyIsRewritten_RunOnePlanWholeAndLoseNoGuard()
    {
        var token = TestContext.CurrentContext.CancellationToken;
        var directory = Directory.CreateTempSubdirectory("llmguard-reload-");
        try
        {
            var file = Path.Combine(directory.FullName, "policy.json");
            await File.WriteAllTextAsync(file, Policy(0), token);
            await using var upstream = await RecordingUpstream.StartAsync((context, received) =>
                RecordingUpstream.JsonAsync(received.Text)(context, received));
            await using var gateway = await GuardedGateway.StartAsync(upstream, null, [new TagPlugin()], options: o =>
            {
                o.PolicyFiles.Add(file);
                o.ReloadDelay = TimeSpan.FromMilliseconds(5);
            });
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(token);
            var rewriting = RewriteAsync(file, stop.Token);
            var seen = new ConcurrentDictionary<string, int>();
            for (var round = 0; round < RoundsAtMost && (round < RoundsAtLeast || seen.Count < 6); round++)
            {
                await Task.WhenAll(Enumerable.Range(0, AtOnce).Select(async i =>
                {
                    var consumer = i % 2 == 0 ? "ann" : "bob";
                    using var request = new HttpRequestMessage(HttpMethod.Post, Chat.Path) { Content = Chat.Json(Chat.Request("peach pear plum")) };
                    request.Headers.Add("X-Consumer", consumer);
                    using var response = await gateway.Client.SendAsync(request, token);
                    Assert.That((int)response.StatusCode, Is.EqualTo(200));
                    seen.AddOrUpdate(consumer + " " + await Chat.BodyAsync(response, token), 1, static (_, n) => n + 1);
                }));
            }

            await stop.CancelAsync();
            await rewriting;

            var legal = new[] { "ann", "bob" }.SelectMany(
                static consumer => Enumerable.Range(0, 3), static (consumer, revision) => Expected(consumer, revision));
            Assert.That(seen.Keys, Is.EquivalentTo(legal));
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    /// <summary>
    /// The gateway masks one word and each consumer another, all three under the name of the revision. Revision 2 knows no consumers, so that who
    /// calls must be found out for the revision that then applies.
    /// </summary>
    private static string Policy(int revision) => revision == 2 ? Chat.Gateway(Mask("g2", "peach")) : $$"""
        {
          "gateway": { "name": "G", "required_plugins": [ {{Mask($"g{revision}", "peach")}} ] },
          "consumers": [
            { "name": "ann", "required_plugins": [ {{Mask($"ann{revision}", "pear")}} ] },
            { "name": "bob", "required_plugins": [ {{Mask($"bob{revision}", "plum")}} ] }
          ],
          "identity": { "trusted_headers": { "consumer": "X-Consumer" } }
        }
        """;

    private static string Mask(string tag, string word) => $$"""{ "name": "tag", "settings": { "tag": "{{tag}}", "mask": "{{word}}" } }""";

    private static string Expected(string consumer, int revision) =>
        consumer + " " + Chat.Request(
            revision == 2 ? "[g2] pear plum" : consumer == "ann" ? $"[g{revision}] [ann{revision}] plum" : $"[g{revision}] pear [bob{revision}]");

    /// <summary>
    /// Sometimes in place, where a reader meets half a file, sometimes by a rename, and sometimes with a document that is no policy.
    /// </summary>
    private static async Task RewriteAsync(string file, CancellationToken stop)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        try
        {
            for (var i = 1; await timer.WaitForNextTickAsync(stop); i++)
            {
                switch (i % 4)
                {
                    case 0:
                        await File.WriteAllTextAsync(file, """{ "gateway": { "name": "G", "required_plugins": [ """, stop);
                        break;
                    case 1:
                        await File.WriteAllTextAsync(file, Policy(i % 3), stop);
                        break;
                    default:
                        await File.WriteAllTextAsync(file + ".new", Policy(i % 3), stop);
                        File.Move(file + ".new", file, overwrite: true);
                        break;
                }
            }
        }
        catch (OperationCanceledException)
        {
            // That is how it ends.
        }
    }
}
