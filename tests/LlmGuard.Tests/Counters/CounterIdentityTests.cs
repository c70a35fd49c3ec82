using System.Net;
using LlmGuard.Counters.Identity;

namespace LlmGuard.Tests.Counters;

/// <summary>For whom a call counts, and that nobody can be taken for somebody else.</summary>
public sealed class CounterIdentityTests
{
    private static readonly IPAddress Address = IPAddress.Parse("10.0.0.1");

    [Test]
    public void SubjectsOf_AddressOfTheUnknown_IsNobodysName()
    {
        var identity = new CounterIdentity { By = CounterDimension.Consumer };
        var unknown = identity.SubjectsOf(Call(address: Address), out var isMissing);
        var named = identity.SubjectsOf(Call(consumer: Address.ToString()), out _);
        Assert.That(isMissing, Is.True);
        Assert.That(unknown, Has.Count.EqualTo(1));
        Assert.That(unknown.Intersect(named), Is.Empty);
        Assert.That(unknown.Intersect(identity.SubjectsOf(Call(address: IPAddress.Parse("10.0.0.2")), out _)), Is.Empty);
    }

    [Test]
    public void SubjectsOf_TheUnknownTogether_AreNobodysName()
    {
        var identity = new CounterIdentity { By = CounterDimension.Consumer, Missing = MissingIdentity.Share };
        var shared = identity.SubjectsOf(Call(address: Address), out _);
        Assert.That(shared, Is.EqualTo(identity.SubjectsOf(Call(), out _)));
        Assert.That(shared.Intersect(identity.SubjectsOf(Call(consumer: "nobody"), out _)), Is.Empty);
    }

    [TestCase("ab", "c", "a", "bc")]
    [TestCase("a", null, null, "a")]
    [TestCase("a", "", "a", "b")]
    public void SubjectsOf_FingerprintsOfOtherParts_Differ(string? consumer, string? credential, string? otherConsumer, string? otherCredential)
    {
        var identity = new CounterIdentity { By = CounterDimension.Fingerprint };
        var one = identity.SubjectsOf(Call(consumer, credential: credential), out _);
        var other = identity.SubjectsOf(Call(otherConsumer, credential: otherCredential), out _);
        Assert.That(one, Has.Count.EqualTo(1));
        Assert.That(one.Intersect(other), Is.Empty);
        Assert.That(one, Is.EqualTo(identity.SubjectsOf(Call(consumer, credential: credential), out _)));
    }

    [TestCase(15, 15)]
    [TestCase(16, 16)]
    [TestCase(17, 16)]
    public void SubjectsOf_ManyGroups_CountsForTheFirstSixteen(int given, int counted)
    {
        string[] groups = [.. Enumerable.Range(0, given).Select(static i => $"group {i}")];
        var subjects = new CounterIdentity { By = CounterDimension.Group }.SubjectsOf(Call(groups: groups), out _);
        Assert.That(subjects, Is.EqualTo(groups.Take(counted)));
    }

    [Test]
    public void SubjectsOf_GroupsNamedAgain_CountOnce()
    {
        string[] groups = [.. Enumerable.Repeat("a", 20), "b", "A"];
        Assert.That(new CounterIdentity { By = CounterDimension.Group }.SubjectsOf(Call(groups: groups), out _), Is.EqualTo(new[] { "a", "b", "A" }));
    }

    private static GuardrailCall Call(string? consumer = null, IPAddress? address = null, string? credential = null, params string[] groups) =>
        new(GuardrailStage.PreRequest, GuardrailContent.Empty)
        {
            Caller = new GuardrailCaller(consumer, groups),
            RemoteAddress = address,
            Headers = new Headers(credential),
        };

    private sealed class Headers(string? credential) : IRequestHeaders
    {
        public string? CredentialHash => credential;

        public string? Find(string name) => null;
    }
}
