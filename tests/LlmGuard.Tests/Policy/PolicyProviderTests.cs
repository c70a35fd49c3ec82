using System.Diagnostics.Metrics;
using LlmGuard.Policy;
using LlmGuard.Tests.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace LlmGuard.Tests.Policy;

public sealed class PolicyProviderTests
{
    private static readonly TimeSpan Delay = TimeSpan.FromMilliseconds(250);

    private string _directory = "";

    private string PolicyPath => Path.Combine(_directory, "policy.json");

    [SetUp]
    public void CreateDirectory() => _directory = Directory.CreateTempSubdirectory("llmguard-policy-").FullName;

    [TearDown]
    public void DeleteDirectory() => Directory.Delete(_directory, recursive: true);

    private static string Level(int level, string rest = "") => Read.Gateway("\"settings\": {\"level\": " + level + "}" + rest, "judge");

    private PolicyApplication FromFile(string json, params IGuardrailPlugin[] plugins)
    {
        File.WriteAllText(PolicyPath, json);
        return new PolicyApplication(plugins is [] ? null : plugins, configure: options => options.PolicyFiles.Add(PolicyPath));
    }

    private void Change(PolicyApplication application, string json)
    {
        File.WriteAllText(PolicyPath, json);
        application.Time.Advance(PolicyWatcher.PollInterval);
        application.Time.Advance(Delay);
    }

    [Test]
    public void Acquire_WithoutHost_LoadsThePolicyOnFirstUse()
    {
        using var application = FromFile(Read.Gateway(""));
        using var lease = application.Provider.Acquire();
        Assert.Multiple(() =>
        {
            Assert.That(lease.Revision, Has.Length.EqualTo(32));
            Assert.That(application.Provider.Status, Is.EqualTo(new PolicyStatus(lease.Revision, application.Time.GetUtcNow(), null)));
        });
    }

    [Test]
    public void Reload_ChangedFile_ComesIntoForce()
    {
        using var application = FromFile(Level(1), FakePlugin.WithSecret());
        var provider = application.Provider;
        provider.Start();
        var before = provider.Status.Revision;

        Change(application, Level(2));
        Assert.That(provider.Status.Revision, Is.Not.EqualTo(before));
    }

    [Test]
    public void Reload_SymbolicLinkSwitched_IsNoticed()
    {
        // As a mounted ConfigMap does it: the file is a link through a directory that is replaced.
        Directory.CreateDirectory(Path.Combine(_directory, "one"));
        Directory.CreateDirectory(Path.Combine(_directory, "two"));
        File.WriteAllText(Path.Combine(_directory, "one", "policy.json"), Level(1));
        File.WriteAllText(Path.Combine(_directory, "two", "policy.json"), Level(2));
        var data = Path.Combine(_directory, "data");
        Directory.CreateSymbolicLink(data, Path.Combine(_directory, "one"));
        File.CreateSymbolicLink(PolicyPath, Path.Combine(data, "policy.json"));
        using var application = new PolicyApplication([FakePlugin.WithSecret()], configure: options => options.PolicyFiles.Add(PolicyPath));
        application.Provider.Start();
        var before = application.Provider.Status.Revision;

        Directory.Delete(data);
        Directory.CreateSymbolicLink(data, Path.Combine(_directory, "two"));
        application.Time.Advance(PolicyWatcher.PollInterval + Delay);
        Assert.That(application.Provider.Status.Revision, Is.Not.EqualTo(before));
    }

    [Test]
    public void Reload_ChangesInQuickSuccession_AreOneReload()
    {
        var plugin = FakePlugin.WithSecret();
        var configuration = new ChangingConfiguration(("AiGuardrails:gateway:required_plugins:judge:settings:level", "1"));
        using var application = new PolicyApplication([plugin], configuration.Root);
        application.Provider.Start();
        for (var level = 2; level <= 6; level++)
        {
            configuration.Set("AiGuardrails:gateway:required_plugins:judge:settings:level", $"{level}");
            application.Time.Advance(Delay / 2);
        }

        Assert.That(plugin.Created, Has.Count.EqualTo(1));
        application.Time.Advance(Delay);
        Assert.That(plugin.Created, Has.Count.EqualTo(2));
    }

    [Test]
    public void Reload_ChangesThatNeverCease_AreNotPutOffForever()
    {
        var plugin = FakePlugin.WithSecret();
        var configuration = new ChangingConfiguration(("AiGuardrails:gateway:required_plugins:judge:settings:level", "0"));
        using var application = new PolicyApplication([plugin], configuration.Root);
        application.Provider.Start();
        for (var change = 0; change < 4 * PolicyWatcher.MaxDelays; change++)
        {
            configuration.Set("AiGuardrails:gateway:required_plugins:judge:settings:level", $"{change % 9}");
            application.Time.Advance(Delay / 2);
        }

        Assert.That(plugin.Created, Has.Count.GreaterThan(1));
    }

    [Test]
    public void Reload_SwitchedOff_DoesNotHappen()
    {
        File.WriteAllText(PolicyPath, Level(1));
        using var application = new PolicyApplication([FakePlugin.WithSecret()], configure: options =>
        {
            options.PolicyFiles.Add(PolicyPath);
            options.ReloadOnChange = false;
        });
        application.Provider.Start();
        var before = application.Provider.Status.Revision;
        Change(application, Level(2));
        Assert.That(application.Provider.Status.Revision, Is.EqualTo(before));
    }

    [TestCase("{", "not strict JSON")]
    [TestCase("", "not strict JSON")]
    [TestCase("{}", "no enabled entry")]
    [TestCase("{\"gateway\": {\"required_plugins\": [{\"name\": \"nope\"}]}}", "unknown plugin")]
    [TestCase(null, "does not exist")]
    public void Reload_BadDocument_KeepsTheLastGoodAndSaysSo(string? json, string reason)
    {
        using var application = FromFile(Level(1), FakePlugin.WithSecret());
        using var failures = new CounterReader(application.Services.GetRequiredService<IMeterFactory>(), "llmguard.policy.reload.failures");
        var provider = application.Provider;
        provider.Start();
        var good = provider.Status;

        if (json is null)
        {
            File.Delete(PolicyPath);
        }
        else
        {
            File.WriteAllText(PolicyPath, json);
        }

        application.Time.Advance(PolicyWatcher.PollInterval + Delay);
        using var lease = provider.Acquire();
        Assert.Multiple(() =>
        {
            Assert.That(lease.Revision, Is.EqualTo(good.Revision));
            Assert.That(PolicyApplication.Evaluator(lease).Disposals, Is.Zero);
            Assert.That(provider.Status.IsDegraded);
            Assert.That(provider.Status.Failure, Does.Contain(reason));
            Assert.That(provider.Status.LoadedAt, Is.EqualTo(good.LoadedAt));
            Assert.That(failures.Total, Is.EqualTo(1));
            Assert.That(application.Log.Lines.Count(line => line.Level == LogLevel.Error && line.Text.Contains(reason, StringComparison.Ordinal)),
                Is.EqualTo(1));
        });

        application.Time.Advance(PolicyWatcher.PollInterval * 3);
        Assert.That(failures.Total, Is.EqualTo(1), "a bad document is tried once, not at every look");

        File.WriteAllText(PolicyPath, Level(1));
        application.Time.Advance(PolicyWatcher.PollInterval + Delay);
        Assert.That(provider.Status, Is.EqualTo(good), "the good document is back");
    }

    [Test]
    public void Reload_EmptyOnPurpose_IsAccepted()
    {
        using var application = FromFile(Level(1), FakePlugin.WithSecret());
        application.Provider.Start();
        Change(application, """{"allow_empty": true}""");
        Assert.That(application.Provider.Status.IsDegraded, Is.False);
    }

    [Test]
    public void Reload_TablesThrow_KeepsTheLastGood()
    {
        File.WriteAllText(PolicyPath, Level(1));
        var isBroken = false;
        using var application = new PolicyApplication(
            [FakePlugin.WithSecret()],
            configure: options => options.PolicyFiles.Add(PolicyPath),
            tables: (document, problems) => isBroken ? throw new InvalidOperationException("marker") : PolicyTable.Build(document, problems));
        application.Provider.Start();
        isBroken = true;
        Change(application, Level(2));
        Assert.That(application.Provider.Status.Failure, Is.EqualTo("Loading it failed (InvalidOperationException)."));
        Assert.That(application.Log.Text, Does.Not.Contain("marker"));
    }

    [Test]
    public void Reload_ProblemsOfTheTables_AreProblemsOfTheDocument()
    {
        File.WriteAllText(PolicyPath, Level(1));
        using var application = new PolicyApplication(
            [FakePlugin.WithSecret()],
            configure: options => options.PolicyFiles.Add(PolicyPath),
            tables: (document, problems) =>
            {
                problems.Add(new SettingsProblem("$.rules[0]", "ties"));
                return PolicyTable.Build(document, problems);
            });
        Assert.That(Read.Problems(application.Provider.Acquire).Select(p => p.Path), Is.EqualTo(new[] { "$.rules[0]" }));
    }

    [Test]
    public async Task Reload_EntryUnchanged_KeepsItsEvaluator()
    {
        var judge = FakePlugin.WithSecret();
        using var application = FromFile(Level(1), judge, new FakePlugin("mask"));
        using var before = application.Provider.Acquire();
        Change(application, Level(1, "}, {\"name\": \"mask\"").Replace("{\"level\": 1}", "{  \"level\":1 }", StringComparison.Ordinal));
        using var after = application.Provider.Acquire();
        await application.Provider.PendingDisposals;
        Assert.Multiple(() =>
        {
            Assert.That(after.Revision, Is.Not.EqualTo(before.Revision));
            Assert.That(PolicyApplication.Evaluator(after), Is.SameAs(PolicyApplication.Evaluator(before)));
            Assert.That(judge.Created.Select(e => e.Disposals), Is.EqualTo(new[] { 0 }));
        });
    }

    [Test]
    public async Task Reload_EntryChanged_DisposesItsEvaluatorAfterTheLastLease()
    {
        var judge = FakePlugin.WithSecret();
        using var application = FromFile(Level(1), judge);
        var lease = application.Provider.Acquire();
        var other = application.Provider.Acquire();
        Change(application, Level(2));
        await application.Provider.PendingDisposals;
        Assert.That(judge.Created.Select(e => e.Disposals), Is.EqualTo(new[] { 0, 0 }));

        lease.Dispose();
        lease.Dispose();
        await application.Provider.PendingDisposals;
        Assert.That(judge.Created.Select(e => e.Disposals), Is.EqualTo(new[] { 0, 0 }), "the other lease still uses it");

        other.Dispose();
        await application.Provider.PendingDisposals;
        Assert.That(judge.Created.Select(e => e.Disposals), Is.EqualTo(new[] { 1, 0 }));
    }

    [Test]
    public async Task Dispose_Provider_DisposesEvaluatorsAndEndsAcquiring()
    {
        var judge = FakePlugin.WithSecret();
        var application = FromFile(Level(1), judge);
        var provider = application.Provider;
        provider.Start();
        await provider.DisposeAsync();
        Assert.Multiple(() =>
        {
            Assert.That(judge.Created.Select(e => e.Disposals), Is.EqualTo(new[] { 1 }));
            Assert.That(() => provider.Acquire(), Throws.TypeOf<ObjectDisposedException>());
        });
    }

    [Test]
    public void Explainer_AfterAReload_ExplainsThePolicyInForce()
    {
        using var application = FromFile(Level(1), FakePlugin.WithSecret());
        var explainer = application.Services.GetRequiredService<IGuardrailPolicyExplainer>();
        var before = explainer.Explain(new GuardrailPlanQuery()).Revision;
        Change(application, Level(2));
        var after = explainer.Explain(new GuardrailPlanQuery()).Revision;
        Assert.That((after, after == before), Is.EqualTo((application.Provider.Status.Revision, false)));
    }

    [Test]
    public void Load_EntriesThatNarrowerLevelsReplace_AreWarnedAbout()
    {
        using var application = FromFile("""
            {"gateway": {"required_plugins": [{"name": "mask", "id": "a"}]},
             "rules": [{"path": "/x", "plugin_chain": [{"name": "judge", "id": "a"}], "strip_path": true}]}
            """);
        application.Provider.Start();
        Assert.Multiple(() =>
        {
            Assert.That(application.Log.Lines.Count(line => line.Level == LogLevel.Warning), Is.EqualTo(1));
            Assert.That(application.Log.Text, Does.Contain("$.rules[0].strip_path: no effect here"));
        });
    }

    [Test]
    public void Lease_Disposed_RefusesToResolve()
    {
        using var application = FromFile(Level(1), FakePlugin.WithSecret());
        var lease = application.Provider.Acquire();
        lease.Dispose();
        Assert.That(() => lease.Resolve(default), Throws.TypeOf<ObjectDisposedException>());
    }

    [Test]
    public void Lease_GivenBack_IsTheNextOneAndOfThePolicyInForce()
    {
        using var application = FromFile(Level(1), FakePlugin.WithSecret());
        var (first, other) = (application.Provider.Acquire(), application.Provider.Acquire());
        var before = first.Revision;
        first.GiveBack();
        Assert.That(() => first.Revision, Throws.TypeOf<ObjectDisposedException>());
        Assert.That(() => first.Resolve(default), Throws.TypeOf<ObjectDisposedException>());

        Change(application, Level(2));
        using var next = application.Provider.Acquire();
        using var last = application.Provider.Acquire();

        Assert.That(next, Is.SameAs(first).And.Not.SameAs(last));
        Assert.That((next.Revision, next.Resolve(default).Plan!.Revision), Is.EqualTo((last.Revision, last.Revision)));
        Assert.That(next.Revision, Is.Not.EqualTo(before));
        Assert.That((other.Revision, other.Resolve(default).Plan!.Revision), Is.EqualTo((before, before)));
        other.Dispose();
    }

    [Test]
    public async Task Reload_UnderManyLeases_NoLeaseSeesADisposedEvaluator()
    {
        const int Reloads = 100;
        var judge = FakePlugin.WithSecret();
        using var application = FromFile(Level(0), judge);
        var provider = application.Provider;
        provider.Start();
        var isOver = false;
        var wrong = 0;
        var seen = 0;
        var isHanging = false;
        var readers = Enumerable.Range(0, 4).Select(_ => Task.Run(() =>
        {
            while (!Volatile.Read(ref isOver))
            {
                var lease = provider.Acquire();
                var evaluator = PolicyApplication.Evaluator(lease);
                Thread.Yield();
                var plan = lease.Resolve(default).Plan!;
                Interlocked.Add(ref wrong, evaluator.Disposals != 0 || plan.Revision != lease.Revision ? 1 : 0);
                if (Interlocked.Increment(ref seen) % 2 == 0)
                {
                    lease.GiveBack();
                }
                else
                {
                    lease.Dispose();
                }
            }
        })).ToList();

        for (var reload = 1; reload <= Reloads; reload++)
        {
            File.WriteAllText(PolicyPath, Level(reload % 10));
            provider.Reload();
            var before = Volatile.Read(ref seen);
            isHanging |= !SpinWait.SpinUntil(() => Volatile.Read(ref seen) > before, TimeSpan.FromSeconds(30));
        }

        Volatile.Write(ref isOver, true);
        await Task.WhenAll(readers);
        await provider.PendingDisposals;
        Assert.Multiple(() =>
        {
            Assert.That(isHanging, Is.False, "readers go on during a reload");
            Assert.That(wrong, Is.Zero);
            Assert.That(seen, Is.Positive);
            Assert.That(judge.Created, Has.Count.EqualTo(Reloads + 1));
            Assert.That(judge.Created.Count(e => e.Disposals == 1), Is.EqualTo(Reloads), "all but the one in force are disposed, once");
            Assert.That(judge.Created.Max(e => e.Disposals), Is.EqualTo(1));
        });
    }

    [Test]
    public void Reload_SecretOfAReferenceChanged_MakesANewEvaluatorOfTheSameRevision()
    {
        var judge = FakePlugin.WithSecret();
        var configuration = new ChangingConfiguration(
            ("AiGuardrails:Secrets:Key", "old-MARKER"),
            ("AiGuardrails:gateway:required_plugins:judge:settings:api_key:$secret", "Key"));
        using var application = new PolicyApplication([judge], configuration.Root);
        using var before = application.Provider.Acquire();
        configuration.Set("AiGuardrails:Secrets:Key", "new-MARKER");
        application.Time.Advance(Delay);
        using var after = application.Provider.Acquire();
        Assert.Multiple(() =>
        {
            Assert.That(after.Revision, Is.EqualTo(before.Revision));
            Assert.That(PolicyApplication.Evaluator(after), Is.Not.SameAs(PolicyApplication.Evaluator(before)));
            Assert.That(application.Log.Text, Does.Not.Contain("MARKER"));
        });
    }

    [TestCase("{\"$secret\": \"Key\"}")]
    [TestCase("\"literal-MARKER\"")]
    public void Reload_SecretSentElsewhere_IsRefused(string secret)
    {
        string Policy(string host) => Read.Gateway("\"settings\": {\"endpoint\": \"https://" + host + "\", \"api_key\": " + secret + "}", "judge");
        File.WriteAllText(PolicyPath, Policy("a.example"));
        var configuration = new ChangingConfiguration(("AiGuardrails:Secrets:Key", "value-MARKER"));
        using var application = new PolicyApplication([FakePlugin.WithSecret()], configuration.Root, options =>
        {
            options.PolicyFiles.Add(PolicyPath);
            options.AllowedSecretHosts.Add("c.example");
        });
        application.Provider.Start();
        var good = application.Provider.Status.Revision;
        Change(application, Policy("b.example"));
        Assert.Multiple(() =>
        {
            Assert.That(application.Provider.Status.Revision, Is.EqualTo(good));
            Assert.That(application.Provider.Status.Failure, Does.Contain("$.gateway.required_plugins[0].settings.api_key"));
        });

        Change(application, Policy("c.example"));
        Assert.Multiple(() =>
        {
            Assert.That(application.Provider.Status.Revision, Is.Not.EqualTo(good));
            Assert.That(application.Provider.Status.IsDegraded, Is.False);
            Assert.That(application.Log.Text, Does.Not.Contain("MARKER"));
        });
    }
}
