using System.Security.Claims;
using LlmGuard.Integration.Tests.Harness;
using Microsoft.Extensions.DependencyInjection;

namespace LlmGuard.Integration.Tests.Reload;

/// <summary>A reload that falls between finding out who calls and choosing the plan.</summary>
[TestFixture]
[CancelAfter(60_000)]
public sealed class OneRevisionTests
{
    [Test]
    public async Task Request_ReloadWhileTheCallerIsIdentified_RunsOneRevision()
    {
        var token = TestContext.CurrentContext.CancellationToken;
        var directory = Directory.CreateTempSubdirectory("llmguard-revision-");
        try
        {
            var file = Path.Combine(directory.FullName, "policy.json");
            await File.WriteAllTextAsync(file, Policy("before"), token);
            await using var upstream = await RecordingUpstream.StartAsync();
            Action? meanwhile = null;
            await using var gateway = await GuardedGateway.StartAsync(
                upstream,
                null,
                [new TagPlugin()],
                builder => builder.Services.AddAuthentication(),
                app => app.Use(next => context =>
                {
                    context.User = new ClaimsPrincipal(new WatchedIdentity(() => Interlocked.Exchange(ref meanwhile, null)?.Invoke()));
                    return next(context);
                }),
                o =>
                {
                    o.PolicyFiles.Add(file);
                    o.ReloadDelay = TimeSpan.FromMilliseconds(1);
                });
            meanwhile = () =>
            {
                var before = Revision(gateway);
                File.WriteAllText(file, Policy("after"));
                SpinWait.SpinUntil(() => Revision(gateway) != before, TimeSpan.FromMinutes(1));
            };

            await gateway.Client.PostAsync(Chat.Path, Chat.Request("peach pear"), token);
            await gateway.Client.PostAsync(Chat.Path, Chat.Request("peach pear"), token);

            Assert.That(
                upstream.Requests.Select(static r => r.Text),
                Is.EqualTo(new[] { Chat.Request("[before] [ann-before]"), Chat.Request("[after] [ann-after]") }));
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    private static string Revision(GuardedGateway gateway) =>
        gateway.Services.GetRequiredService<IGuardrailPolicyExplainer>()
            .Explain(new GuardrailPlanQuery { Method = "POST", Path = Chat.Path }).Revision;

    /// <summary>The claim that names the caller has another name in each revision.</summary>
    private static string Policy(string revision) => $$"""
        {
          "gateway": { "name": "G", "required_plugins": [ {{Mask(revision, "peach")}} ] },
          "consumers": [ { "name": "{{revision}}", "required_plugins": [ {{Mask("ann-" + revision, "pear")}} ] } ],
          "identity": { "consumer_claims": ["{{revision}}"] }
        }
        """;

    private static string Mask(string tag, string word) => $$"""{ "name": "tag", "settings": { "tag": "{{tag}}", "mask": "{{word}}" } }""";

    private sealed class WatchedIdentity(Action read) : ClaimsIdentity([new Claim("before", "before"), new Claim("after", "after")], "test")
    {
        public override IEnumerable<Claim> Claims
        {
            get
            {
                read();
                return base.Claims;
            }
        }

        public override IEnumerable<Claim> FindAll(string type)
        {
            read();
            return base.FindAll(type);
        }

        public override Claim? FindFirst(string type)
        {
            read();
            return base.FindFirst(type);
        }
    }
}
