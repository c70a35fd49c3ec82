using LlmGuard.Http.Wire.Heads;

namespace LlmGuard.Http.Tests.Wire;

public sealed class BodyDigestsTests
{
    // Of "hello", from the command line tools.
    private const string Md5 = "XUFAKrxLKna5cZ2REBfFkg==";
    private const string Sha256 = "LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ=";

    [TestCase("Content-MD5", "old", Md5)]
    [TestCase("Digest", "SHA-256=old", "SHA-256=" + Sha256)]
    [TestCase("Content-Digest", "sha-256=:old:", "sha-256=:" + Sha256 + ":")]
    [TestCase("Repr-Digest", "unixsum=:old:, sha-256=:old:", "sha-256=:" + Sha256 + ":")]
    [TestCase("Content-Digest", "adler=:old:", null)]
    [TestCase("ETag", "\"old\"", null)]
    public void Update_Digest_IsComputedAnewOrRemoved(string name, string value, string? expected) => Assert.That(
        BodyDigests.Update([new(name, value), new("X-Other", "stays")], "hello"u8),
        Is.EqualTo(new[] { new KeyValuePair<string, string?>(name, expected) }));
}
