using System.Diagnostics.Metrics;
using LlmGuard.Policy;
using LlmGuard.Tests.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace LlmGuard.Tests.Policy;

/// <summary>What changes while an application runs: when it comes into force, and what does not.</summary>
public sealed class PolicyReloadTests : PolicyFileFixture
{
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
        Directory.CreateDirectory(Path.Combine(Folder, "one"));
        Directory.CreateDirectory(Path.Combine(Folder, "two"));
        File.WriteAllText(Path.Combine(Folder, "one", "policy.json"), Level(1));
        File.WriteAllText(Path.Combine(Folder, "two", "policy.json"), Level(2));
        var data = Path.Combine(Folder, "data");
        Directory.CreateSymbolicLink(data, Path.Combine(Folder, "one"));
        File.CreateSymbolicLink(PolicyPath, Path.Combine(data, "policy.json"));
        using var application = new PolicyApplication([FakePlugin.WithSecret()], configure: options => options.PolicyFiles.Add(PolicyPath));
        application.Provider.Start();
        var before = application.Provider.Status.Revision;

        Directory.Delete(data);
        Directory.CreateSymbolicLink(data, Path.Combine(Folder, "two"));
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
            isHanging |= !SpinWait.SpinUntil(() => Volatile.Read(ref seen) > before, TimeSpan.FromMinutes(1));
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
