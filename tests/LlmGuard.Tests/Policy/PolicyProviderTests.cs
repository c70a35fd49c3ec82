using LlmGuard.Policy;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace LlmGuard.Tests.Policy;

/// <summary>A policy in force: loaded on first use, leased to calls, explained, given up.</summary>
public sealed class PolicyProviderTests : PolicyFileFixture
{
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
}
