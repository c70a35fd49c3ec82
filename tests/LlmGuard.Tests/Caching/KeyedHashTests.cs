using LlmGuard.Caching;

namespace LlmGuard.Tests.Caching;

public sealed class KeyedHashTests
{
    private static readonly byte[] Key = Convert.FromHexString("10010000000000000000000000000000");
    private static readonly byte[] Nonce = Convert.FromHexString("10000200000000000000000000000000");

    [Test]
    public void Aegis_VectorOfTheStandard_GivesItsTag()
    {
        RequireAes();
        var data = Enumerable.Range(0, 35).Select(i => (byte)i).ToArray();

        Assert.Multiple(() =>
        {
            Assert.That(Hex(new AegisHash(Key, Nonce).Of(default, data)), Is.EqualTo("d3f09b2842ad301687d6902c921d7818"), "RFC 10032, AEGISMAC-128L");
            Assert.That(Hex(new AegisHash(Key, Nonce).Of(data.AsSpan(0, 32), data.AsSpan(32))), Is.EqualTo("d3f09b2842ad301687d6902c921d7818"), "cut after a block");
        });
    }

    [TestCaseSource(nameof(Functions))]
    public void Of_EqualInput_GivesEqualHashOfOneInstanceOnly(Func<object> create)
    {
        var (one, other) = ((KeyedHash)create(), (KeyedHash)create());
        var (header, text) = (new byte[64], "the same text, longer than a block of thirty-two bytes"u8.ToArray());

        Assert.Multiple(() =>
        {
            Assert.That(one.Of(header, text), Is.EqualTo(one.Of(header, text.ToArray())));
            Assert.That(one.Of(header, text), Is.Not.EqualTo(other.Of(header, text)), "the key is random");
        });
    }

    [TestCaseSource(nameof(Functions))]
    public void Of_EveryChangeOfOneBit_GivesAnotherHash(Func<object> create)
    {
        var hash = (KeyedHash)create();
        var (header, text) = (new byte[64], new byte[71]);
        var seen = new HashSet<UInt128> { hash.Of(header, text) };
        foreach (var bytes in new[] { header, text })
        {
            for (var bit = 0; bit < bytes.Length * 8; bit++)
            {
                bytes[bit / 8] ^= (byte)(1 << (bit % 8));
                Assert.That(seen.Add(hash.Of(header, text)), Is.True, $"bit {bit}");
                bytes[bit / 8] ^= (byte)(1 << (bit % 8));
            }
        }
    }

    [TestCaseSource(nameof(Functions))]
    public void Of_TextWithZerosAtItsEnd_DiffersFromShorterText(Func<object> create)
    {
        var hash = (KeyedHash)create();
        var seen = new HashSet<UInt128>();

        Assert.That(Enumerable.Range(0, 130).Select(length => seen.Add(hash.Of(new byte[32], new byte[length]))), Has.All.True);
    }

    [TestCaseSource(nameof(Functions))]
    public void Of_Hashes_DependsOnBothAndTheirOrder(Func<object> create)
    {
        var hash = (KeyedHash)create();
        UInt128[] all =
        [
            hash.Of(HashPurpose.Joined, 1, 2), hash.Of(HashPurpose.Joined, 2, 1), hash.Of(HashPurpose.Joined, 1, 1),
            hash.Of(HashPurpose.Joined, (UInt128)1 << 64, 2), hash.Of(HashPurpose.Joined, 1, (UInt128)2 << 64),
        ];

        Assert.That(all, Is.Unique);
    }

    private static IEnumerable<TestCaseData> Functions()
    {
        if (AegisHash.IsSupported)
        {
            yield return new TestCaseData((Func<object>)(() => new AegisHash())).SetArgDisplayNames("AEGIS");
        }

        yield return new TestCaseData((Func<object>)(() => new HmacHash())).SetArgDisplayNames("HMAC");
    }

    private static void RequireAes()
    {
        if (!AegisHash.IsSupported)
        {
            Assert.Ignore("This processor has no AES rounds.");
        }
    }

    private static string Hex(UInt128 tag)
    {
        // The upper half holds the first eight bytes of the tag.
        var bytes = new byte[16];
        BitConverter.TryWriteBytes(bytes, (ulong)(tag >> 64));
        BitConverter.TryWriteBytes(bytes.AsSpan(8), (ulong)tag);
        return Convert.ToHexStringLower(bytes);
    }
}
