using System.Net;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using LlmGuard.Counters;
using LlmGuard.Redis.Tests.Harness;
using LlmGuard.Tests.Redis;

namespace LlmGuard.Redis.Tests.Failures;

[TestFixture]
public sealed class TlsTests
{
    private string _folder = null!;
    private X509Certificate2 _certificate = null!;
    private RedisServer _server = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        RedisServer.Require();
        _folder = Directory.CreateTempSubdirectory("llmguard-tls").FullName;
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        var now = TimeProvider.System.GetUtcNow();
        _certificate = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        await File.WriteAllTextAsync(Path.Combine(_folder, "cert.pem"), _certificate.ExportCertificatePem());
        await File.WriteAllTextAsync(Path.Combine(_folder, "key.pem"), key.ExportPkcs8PrivateKeyPem());
        _server = await RedisServer.StartAsync(
            "--tls-port", "{port}", "--tls-cert-file", Path.Combine(_folder, "cert.pem"), "--tls-key-file", Path.Combine(_folder, "key.pem"),
            "--tls-auth-clients", "no");
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
            _certificate.Dispose();
            Directory.Delete(_folder, recursive: true);
        }
    }

    [Test]
    public async Task Charge_WithATrustedRoot_Counts()
    {
        var chain = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        chain.CustomTrustStore.Add(_certificate);
        using var client = Stores.Client(_server.Endpoint, o => o.UseTls(new SslClientAuthenticationOptions { CertificateChainPolicy = chain }));
        Assert.That(await client.Store().ChargeAsync(Limits.Of(CounterAlgorithm.Gcra, 1)), Is.True);
    }

    [Test]
    public void Charge_WithoutTrust_Fails()
    {
        using var client = Stores.Client(_server.Endpoint, o => o.Tls = true);
        Assert.That(async () => await client.Store().ChargeAsync(Limits.Of(CounterAlgorithm.Gcra, 1)), Throws.InstanceOf<CounterStoreException>());
    }

    [Test]
    public void Charge_WithoutTlsOnATlsPort_Fails()
    {
        using var client = Stores.Client(_server.Endpoint, o => o.ConnectTimeout = TimeSpan.FromSeconds(1));
        Assert.That(async () => await client.Store().ChargeAsync(Limits.Of(CounterAlgorithm.Gcra, 1)), Throws.InstanceOf<CounterStoreException>());
    }
}
