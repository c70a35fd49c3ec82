using System.Net;
using System.Net.Sockets;
using LlmGuard.Remote.Egress;

namespace LlmGuard.Remote.Tests.Egress;

public sealed class EgressRulesTests
{
    [TestCase("0.0.0.0")]
    [TestCase("10.1.2.3")]
    [TestCase("100.100.100.200")]
    [TestCase("127.0.0.1")]
    [TestCase("127.255.255.254")]
    [TestCase("169.254.169.254")]
    [TestCase("172.16.0.1")]
    [TestCase("172.31.255.255")]
    [TestCase("192.168.1.1")]
    [TestCase("198.18.0.1")]
    [TestCase("224.0.0.1")]
    [TestCase("255.255.255.255")]
    [TestCase("::")]
    [TestCase("::1")]
    [TestCase("::ffff:127.0.0.1")]
    [TestCase("::ffff:169.254.169.254")]
    [TestCase("::7f00:1")]
    [TestCase("fe80::1")]
    [TestCase("fc00::1")]
    [TestCase("fd00:ec2::254")]
    [TestCase("ff02::1")]
    [TestCase("64:ff9b::7f00:1")]
    [TestCase("64:ff9b::a9fe:a9fe")]
    [TestCase("2002:7f00:1::")]
    [TestCase("2002:a9fe:a9fe::")]
    [TestCase("2001:db8::1")]
    [TestCase("2001:0:53aa:64c::1")]
    public void IsPublic_AddressThatIsNot_IsFalse(string address) => Assert.That(EgressRules.IsPublic(IPAddress.Parse(address)), Is.False);

    [TestCase("1.1.1.1")]
    [TestCase("172.15.255.255")]
    [TestCase("172.32.0.1")]
    [TestCase("100.63.255.255")]
    [TestCase("100.128.0.1")]
    [TestCase("223.255.255.255")]
    [TestCase("::ffff:8.8.8.8")]
    [TestCase("64:ff9b::808:808")]
    [TestCase("2002:808:808::1")]
    [TestCase("2606:4700:4700::1111")]
    [TestCase("2a00:1450:4001::1")]
    public void IsPublic_AddressOnTheInternet_IsTrue(string address) => Assert.That(EgressRules.IsPublic(IPAddress.Parse(address)), Is.True);

    [TestCase("https://localhost/", true)]
    [TestCase("https://api.localhost/", true)]
    [TestCase("https://LOCALHOST./", true)]
    [TestCase("https://127.1/", true)]
    [TestCase("https://2130706433/", true)]
    [TestCase("https://0x7f.1/", true)]
    [TestCase("https://[::1]/", true)]
    [TestCase("https://[::ffff:10.0.0.1]/", true)]
    [TestCase("https://169.254.169.254/", true)]
    [TestCase("https://api.openai.com/", false)]
    [TestCase("https://localhost.example.com/", false)]
    [TestCase("https://8.8.8.8/", false)]
    public void IsPlainlyPrivate_Endpoint_IsSeen(string endpoint, bool expected) =>
        Assert.That(EgressRules.IsPlainlyPrivate(new Uri(endpoint)), Is.EqualTo(expected));

    [Test]
    public async Task Connect_NameWithAPrivateAndAPublicAddress_ConnectsToTheAllowedOneOnly()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        var asked = new List<IPAddress>();

        await using var stream = await EgressConnector.ConnectAsync(
            new DnsEndPoint("judge.example", port),
            _ => Task.FromResult<IPAddress[]>([IPAddress.Parse("127.0.0.99"), IPAddress.Loopback]),
            address =>
            {
                asked.Add(address);
                return address.Equals(IPAddress.Loopback);
            },
            CancellationToken.None);

        using var accepted = await listener.AcceptTcpClientAsync();
        Assert.That(((IPEndPoint)accepted.Client.LocalEndPoint!).Address, Is.EqualTo(IPAddress.Loopback));
        Assert.That(asked, Has.Count.EqualTo(2));
    }

    [Test]
    public void Connect_NameThatResolvesToThisMachine_IsRefusedWithoutConnecting()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var target = new DnsEndPoint("rebound.example", ((IPEndPoint)listener.LocalEndpoint).Port);

        Assert.That(
            async () =>
                await EgressConnector.ConnectAsync(target,
                _ => Task.FromResult<IPAddress[]>([IPAddress.Loopback, IPAddress.Parse("169.254.169.254")]), EgressRules.IsPublic, default),
            Throws.InstanceOf<EgressRefusedException>());
        Assert.That(listener.Pending(), Is.False);
    }
}
