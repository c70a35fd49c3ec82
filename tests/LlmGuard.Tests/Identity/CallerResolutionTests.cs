using System.Security.Claims;
using LlmGuard.Identity;
using LlmGuard.Policy;

namespace LlmGuard.Tests.Identity;

public class CallerResolutionTests
{
    [TestCase("client_id=app,sub=alice", "app")]
    [TestCase("sub=alice,client_id=app", "app")]
    [TestCase("sub=alice", "alice")]
    [TestCase("client_id=,sub=alice", "alice")]
    [TestCase("name=alice", null)]
    [TestCase("", null)]
    public void FromClaims_ConsumerClaims_FirstPresentCounts(string claims, string? expected) =>
        Assert.That(CallerResolution.FromClaims(Principal(claims), IdentityPolicy.Default, NoHeader).Consumer, Is.EqualTo(expected));

    [Test]
    public void FromClaims_GroupClaims_AllValuesInClaimOrderOnce()
    {
        var policy = new IdentityPolicy { GroupClaims = ["roles", "groups"] };

        var caller = CallerResolution.FromClaims(Principal("groups=b,roles=a,groups=c,groups=b,other=x"), policy, NoHeader);

        Assert.That(caller.Groups, Is.EqualTo(new[] { "b", "a", "c" }));
        Assert.That(caller.Consumer, Is.Null);
        Assert.That(caller.IsAnonymous, Is.False);
    }

    [Test]
    public void FromClaims_IdentityNotAuthenticated_IsAnonymous()
    {
        var principal = new ClaimsPrincipal(new ClaimsIdentity([new Claim("sub", "mallory"), new Claim("groups", "admin")]));

        Assert.That(CallerResolution.FromClaims(principal, IdentityPolicy.Default, NoHeader), Is.SameAs(GuardrailCaller.Anonymous));
        Assert.That(CallerResolution.FromClaims(null, IdentityPolicy.Default, NoHeader), Is.SameAs(GuardrailCaller.Anonymous));
    }

    [Test]
    public void FromClaims_SecondIdentityAuthenticated_CountsAlone()
    {
        var principal =
            new ClaimsPrincipal([new ClaimsIdentity([new Claim("sub", "mallory")]), new ClaimsIdentity([new Claim("sub", "alice")], "test")]);

        Assert.That(CallerResolution.FromClaims(principal, IdentityPolicy.Default, NoHeader).Consumer, Is.EqualTo("alice"));
    }

    [Test]
    public void FromClaims_ClaimRenamedOnArrival_IsFoundUnderItsShortName()
    {
        var claim = new Claim(ClaimTypes.NameIdentifier, "alice");
        claim.Properties["http://schemas.xmlsoap.org/ws/2005/05/identity/claimproperties/ShortTypeName"] = "sub";

        Assert.That(CallerResolution.FromClaims(new ClaimsPrincipal(new ClaimsIdentity([claim], "test")), IdentityPolicy.Default, NoHeader).Consumer,
            Is.EqualTo("alice"));
    }

    [Test]
    public void FromClaims_HeadersNotTrusted_AreNotEvenRead() => Assert.That(
        CallerResolution.FromClaims(null, IdentityPolicy.Default, _ => throw new InvalidOperationException()), Is.SameAs(GuardrailCaller.Anonymous));

    [TestCase("", "bob", "a, b,,a", "bob", "a b")]
    [TestCase("sub=alice,groups=z", "bob", "a,z", "alice", "z a")]
    [TestCase("", "bob,mallory", null, null, "")]
    [TestCase("", "  ", " , ", null, "")]
    [TestCase("", null, "a", null, "a")]
    public void FromClaims_TrustedHeaders_CompleteTheClaims(
        string claims,
        string? consumerHeader,
        string? groupsHeader,
        string? consumer,
        string groups)
    {
        var policy = new IdentityPolicy { TrustedConsumerHeader = "X-Consumer", TrustedGroupsHeader = "X-Groups" };

        var caller = CallerResolution.FromClaims(Principal(claims), policy, name => name == "X-Consumer" ? consumerHeader : groupsHeader);

        Assert.That(caller.Consumer, Is.EqualTo(consumer));
        Assert.That(string.Join(' ', caller.Groups), Is.EqualTo(groups));
    }

    private static string? NoHeader(string name) => null;

    private static ClaimsPrincipal Principal(string claims) => new(new ClaimsIdentity(
        claims.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(c => c.Split('=')).Select(c => new Claim(c[0], c[1])), "test"));
}
