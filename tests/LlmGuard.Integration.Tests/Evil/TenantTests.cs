using System.Collections.Concurrent;
using System.Text.Json;
using LlmGuard.Audit;
using LlmGuard.Integration.Tests.Harness;
using Microsoft.Extensions.DependencyInjection;

namespace LlmGuard.Integration.Tests.Evil;

/// <summary>What one tenant says is never seen by an entry of the other, nor in the other's refusals and records.</summary>
[TestFixture]
[CancelAfter(90_000)]
public sealed class TenantTests
{
    private const int Calls = 600;

    [Test]
    public async Task TwoTenants_ManyCallsAtOnce_MarkersNeverMeet()
    {
        var token = TestContext.CurrentContext.CancellationToken;
        var plugin = new TagPlugin();
        var audit = new KeptRecords();
        await using var upstream = await RecordingUpstream.StartAsync((context, received) =>
            RecordingUpstream.JsonAsync(Chat.Answer(MarkerIn(received.Text)))(context, received));
        await using var gateway = await GuardedGateway.StartAsync(
            upstream,
            $$"""
            {
              "gateway": { "name": "G", "required_plugins": [ { "name": "tag", "stage": ["pre_request", "pre_response"], "settings": { "tag": "both" } } ] },
              "consumers": [
                { "name": "ann", "required_plugins": [ {{Entry("ann")}} ] },
                { "name": "bob", "required_plugins": [ {{Entry("bob")}} ] }
              ],
              "identity": { "trusted_headers": { "consumer": "X-Consumer" } }
            }
            """,
            [plugin],
            builder => builder.Services.AddSingleton<IGuardrailAuditSink>(audit));
        var ids = new ConcurrentDictionary<string, string>();

        await Parallel.ForEachAsync(Enumerable.Range(0, Calls), new ParallelOptions { MaxDegreeOfParallelism = 32, CancellationToken = token },
            async (i, cancellation) =>
        {
            var (me, other) = i % 2 == 0 ? ("ann", "bob") : ("bob", "ann");
            var isBlocked = i % 5 == 0;
            using var request = new HttpRequestMessage(HttpMethod.Post, Chat.Path)
            {
                Content = Chat.Json(Chat.Request($"marker-{me}-{i:D4} {(isBlocked ? "plum" : "")} {new string('x', 500)}")),
            };
            request.Headers.Add("X-Consumer", me);
            using var response = await gateway.Client.SendAsync(request, cancellation);
            var body = await Chat.BodyAsync(response, cancellation);
            ids[response.Headers.GetValues("X-Guardrail-Id").Single()] = me;
            using (Assert.EnterMultipleScope())
            {
                Assert.That((int)response.StatusCode, Is.EqualTo(isBlocked ? 403 : 200));
                Assert.That(body, Does.Not.Contain($"marker-{other}"));
                Assert.That(body, isBlocked ? Does.Not.Contain("marker-") : Does.Contain($"marker-{me}-{i:D4}"));
            }
        });

        using (Assert.EnterMultipleScope())
        {
            Assert.That(ids, Has.Count.EqualTo(Calls), "every call has an id of its own");
            foreach (var judged in plugin.Judged)
            {
                var texts = string.Concat(judged.Texts);
                if (judged.Consumer is { } consumer)
                {
                    Assert.That(texts, Does.Not.Contain($"marker-{(consumer == "ann" ? "bob" : "ann")}"));
                    Assert.That(judged.Tag, Is.EqualTo("both").Or.EqualTo(consumer));
                }

                Assert.That(
                    texts.Contains("marker-ann", StringComparison.Ordinal) && texts.Contains("marker-bob", StringComparison.Ordinal), Is.False);
            }

            foreach (var record in audit.Records)
            {
                var written = JsonSerializer.Serialize(record, JsonSerializerOptions.Web) + record;
                Assert.That(written, Does.Not.Contain("marker-"));
                Assert.That(record.Scope.Consumer, Is.EqualTo(ids[record.Id]));
            }

            Assert.That(audit.Records, Is.Not.Empty);
        }
    }

    private static string Entry(string tag) =>
        $$"""{ "name": "tag", "stage": ["pre_request", "pre_response"], "settings": { "tag": "{{tag}}", "block": "plum" } }""";

    private static string MarkerIn(string text) => text[text.IndexOf("marker-", StringComparison.Ordinal)..][.."marker-ann-0000".Length];

    private sealed class KeptRecords : IGuardrailAuditSink
    {
        private readonly ConcurrentQueue<GuardrailAuditRecord> _records = new();

        public IReadOnlyList<GuardrailAuditRecord> Records => [.. _records];

        public void Write(GuardrailAuditRecord record) => _records.Enqueue(record);
    }
}
