using LlmGuard.Scanning.Entities;

namespace LlmGuard.Scanning.Tests.Entities;

/// <summary>Forms in which secrets are written down: hashes that name their method, commands, queries, elements, and tokens that are none.</summary>
public sealed class SecretFormTests
{
    private static readonly ScanPlan Secrets = Scans.Entities(EntityCatalog.InGroup("secrets"));

    [TestCase("$1$kQ7sW2eR$0aZ9xC8vB7nM6qW5eR4tY/")]
    [TestCase("$2b$12$Kq7sW2eRtY8uI3oPaS9dF.0aZ9xC8vB7nM6qW5eR4tY3uI2oPaS1.")]
    [TestCase("$5$kQ7sW2eR$0aZ9xC8vB7nM6qW5eR4tY3uI2oPaS1dF6gH7jK8lQwE")]
    [TestCase("$6$rounds=5000$kQ7sW2eR$0aZ9xC8vB7nM6qW5eR4tY3uI2oPaS1dF6gH7jK8lQwE0aZ9xC8vB7nM6qW5eR4tY3uI2oPaS1dF6gH7jK8lQw0")]
    [TestCase("$argon2id$v=19$m=65536,t=3,p=4$kQ7sW2eRtY8uI3oP$0aZ9xC8vB7nM6qW5eR4tY3uI2oPaS1dF6gH7jK8lQwE")]
    [TestCase("pbkdf2_sha256$600000$kQ7sW2eRtY8u$0aZ9xC8vB7nM6qW5eR4tY3uI2oPaS1dF6gH7jK8lQwE=")]
    public void Find_HashOfAPassword_IsFoundWhole(string hash) =>
        Assert.That(Scans.Find(Secrets, $"mara:{hash}:19000"), Is.EqualTo(new[] { hash }));

    [TestCase("$1$two$three")]
    [TestCase("$2a$12$short")]
    [TestCase("replace $1$2 and $5$6 in the pattern")]
    [TestCase("it cost $6$ more")]
    public void Find_DollarSignsOtherwise_AreLeftAlone(string text) => Assert.That(Scans.Find(Secrets, text), Is.Empty);

    [TestCase("curl -u builder:tRqWbnKxLpZvGh", "tRqWbnKxLpZvGh")]
    [TestCase("curl -X POST https://api.h.example/a/long/way/to/the/token?grant_type=client_credentials -u app:5tRq7bnKxLp9vGh", "5tRq7bnKxLp9vGh")]
    [TestCase("Authorization: SSWS 00kQ7sW2eRtY8uI3oPaS9dF0aZ9xC8vB7nM6qW5eR4", "00kQ7sW2eRtY8uI3oPaS9dF0aZ9xC8vB7nM6qW5eR4")]
    [TestCase("get(\"https://h.example/read?token=kQ7sW2eRtY8uI3oPaS9dF0aZ9xC8vB7n&V1\")", "kQ7sW2eRtY8uI3oPaS9dF0aZ9xC8vB7n")]
    [TestCase("<secret>{mailer AQAAABAAA kQ7sW2eRtY8uI3oPaS9d}</secret>", "kQ7sW2eRtY8uI3oPaS9d")]
    [TestCase("docker run -e DEPLOY_TOKEN=WnRvcXBzTGtqaGZ_qwXYtpz web", "WnRvcXBzTGtqaGZ_qwXYtpz")]
    [TestCase("the mailer secret 0a9f3c5e7b1d2468ace013579bdf2468 within", "0a9f3c5e7b1d2468ace013579bdf2468")]
    [TestCase("Using Key=kQ7sW2eRtY8uI3oPaS9dF0aZ9xC8", "kQ7sW2eRtY8uI3oPaS9dF0aZ9xC8")]
    [TestCase("admin_passwords:\n  - \"Kestrel77!q\"\n", "Kestrel77!q")]
    [TestCase("\"apiKeys\": [\"kQ7sW2eRtY8uI3oPaS9dF0aZ\"]", "kQ7sW2eRtY8uI3oPaS9dF0aZ")]
    public void Find_SecretByItsForm_IsFound(string text, string secret) =>
        Assert.That(Scans.Find(Secrets, text), Is.EqualTo(new[] { secret }));

    [TestCase("curl -u builder:documentation https://h.example")]
    [TestCase("docker run -e TOKEN=MyServiceTokenProvider web")]
    [TestCase("<Password>{user.password}</Password>")]
    [TestCase("<Token>{session.token}</Token>")]
    [TestCase("the secret of success")]
    [TestCase("Using Key=CustomerIdentifier2024Region")]
    [TestCase("\"nextToken\": \"kQ7sW2eRtY8uI3oPaS9dF0aZ9xC8vB7n\"")]
    [TestCase("list --starting-token kQ7sW2eRtY8uI3oPaS9dF0aZ")]
    [TestCase("{\"continuation_token\":\"kQ7sW2eRtY8uI3oPaS9dF0aZ9xC8vB7n\"}")]
    [TestCase("The MFA step is `respond-to-login-challenge` here")]
    [TestCase("mfa: set-user-pool-configuration")]
    [TestCase("password = \"123\"")]
    [TestCase("password:\n  - required\n  - min:12")]
    [TestCase("password: ['required', 'confirmed']")]
    [TestCase("secrets:\n  - db_password\n  - source: file2")]
    [TestCase("keys = ['name', 'value1']")]
    [TestCase("\\$pwd = \\$_POST[\\\"password\\\"];")]
    public void Find_WhatOnlyLooksLikeASecret_IsLeftAlone(string text) => Assert.That(Scans.Find(Secrets, text), Is.Empty);
}
