using System.Buffers.Binary;
using LlmGuard.Caching;

namespace LlmGuard.Tests.Caching;

public sealed class KeyedHashTests
{
    // The example of RFC 8452, appendix A.
    private static readonly byte[] Point = Convert.FromHexString("25629347589242761d31f826ba4b757b");
    private static readonly byte[] Blocks = Convert.FromHexString("4f4f95668c83dfb6401762bb2d01a262d1a24ddd2721d006bbe45f20d3c9f362");
    private const string Value = "f7a3b47b846119fae5b7866cf5e5b77e";

    [Test]
    public void SlowPolyval_ExampleOfTheStandard_GivesItsValue() =>
        Assert.That(Hex(SlowPolyval(Point, Blocks)), Is.EqualTo(Value), "what the product's is compared with");

    /// <summary>Every length of a text around where blocks and groups of them end, against multiplication bit by bit.</summary>
    [Test]
    public void PseudoDot_AnyLength_AgreesWithMultiplicationBitByBit()
    {
        RequireCarryless();
        var random = new Random(8452);
        var keys = new byte[PseudoDotHash.KeyBytes];
        var bytes = new byte[3 * 4096];
        random.NextBytes(keys);
        random.NextBytes(bytes);
        foreach (var length in Enumerable.Range(0, 260)
            .Concat([1023, 1024, 1025, 1983, 1984, 1985, 2047, 2048, 2049, 2111, 2112, 2113, 2176, 2177, 4095, 4096, 4097, 8192, 8200, 8300]))
        {
            var (before, text) = (new UInt128((ulong)random.NextInt64(), (ulong)random.NextInt64()), bytes.AsSpan(random.Next(64), length).ToArray());

            Assert.That(new PseudoDotHash(keys).Of(before, text), Is.EqualTo(SlowPseudoDot(keys, before, text)), $"{length}");
        }
    }

    [TestCaseSource(nameof(Functions))]
    public void Of_EqualInput_GivesEqualHashOfOneInstanceOnly(Func<object> create)
    {
        var (one, other) = ((KeyedHash)create(), (KeyedHash)create());
        var text = "the same text, longer than a block of sixty-four bytes, which is the usual case"u8.ToArray();

        Assert.Multiple(() =>
        {
            Assert.That(one.Of(7, text), Is.EqualTo(one.Of(7, text.ToArray())));
            Assert.That(one.Of(7, text), Is.Not.EqualTo(other.Of(7, text)), "the key is random");
        });
    }

    [TestCaseSource(nameof(Functions))]
    public void Of_EveryChangeOfOneBit_GivesAnotherHash(Func<object> create)
    {
        var hash = (KeyedHash)create();
        foreach (var length in new[] { 5, 71, 2300 })
        {
            var text = new byte[length];
            var seen = new HashSet<UInt128> { hash.Of(0, text) };
            for (var bit = 0; bit < 128; bit++)
            {
                Assert.That(seen.Add(hash.Of((UInt128)1 << bit, text)), Is.True, $"bit {bit} before {length} bytes");
            }

            for (var bit = 0; bit < text.Length * 8; bit++)
            {
                text[bit / 8] ^= (byte)(1 << (bit % 8));
                Assert.That(seen.Add(hash.Of(0, text)), Is.True, $"bit {bit} of {length} bytes");
                text[bit / 8] ^= (byte)(1 << (bit % 8));
            }
        }
    }

    [TestCaseSource(nameof(Functions))]
    public void Of_WordsThatChangePlaces_GivesAnotherHash(Func<object> create)
    {
        var hash = (KeyedHash)create();
        var text = new byte[5000];
        new Random(3).NextBytes(text);
        var seen = new HashSet<UInt128> { hash.Of(0, text) };
        for (var word = 16; word + 16 <= text.Length; word += 16)
        {
            Exchange(text, word);
            Assert.That(seen.Add(hash.Of(0, text)), Is.True, $"the first word and that at {word}");
            Exchange(text, word);
        }
    }

    [TestCaseSource(nameof(Functions))]
    public void Of_TextWithZerosAtItsEnd_DiffersFromShorterText(Func<object> create)
    {
        var hash = (KeyedHash)create();
        var seen = new HashSet<UInt128>();

        Assert.That(Enumerable.Range(0, 2500).Select(length => seen.Add(hash.Of(0, new byte[length]))), Has.All.True);
    }

    [TestCaseSource(nameof(Functions))]
    public void Of_Hashes_DependsOnBothAndTheirOrder(Func<object> create)
    {
        var hash = (KeyedHash)create();
        UInt128[] all =
        [
            hash.Of(1, 2), hash.Of(2, 1), hash.Of(1, 1), hash.Of((UInt128)1 << 64, 2), hash.Of(1, (UInt128)2 << 64),
            hash.Of(hash.Of(1, 2), 3), hash.Of(hash.Of(1, 3), 2), hash.Of(hash.Of(2, 1), 3),
        ];

        Assert.That(all, Is.Unique);
    }

    private static void Exchange(byte[] text, int word)
    {
        for (var i = 0; i < 16; i++)
        {
            (text[i], text[word + i]) = (text[word + i], text[i]);
        }
    }

    private static IEnumerable<TestCaseData> Functions()
    {
        if (PseudoDotHash.IsSupported)
        {
            yield return new TestCaseData((Func<object>)(() => new PseudoDotHash())).SetArgDisplayNames("pseudo-dot products");
        }

        yield return new TestCaseData((Func<object>)(() => new HmacHash())).SetArgDisplayNames("HMAC");
    }

    private static void RequireCarryless()
    {
        if (!PseudoDotHash.IsSupported)
        {
            Assert.Ignore("This processor does not multiply without carry.");
        }
    }

    private static string Hex(UInt128 value)
    {
        var bytes = new byte[16];
        BinaryPrimitives.WriteUInt128LittleEndian(bytes, value);
        return Convert.ToHexStringLower(bytes);
    }

    /// <summary>RFC 8452, section 3, word for word: bit i of a block is the coefficient of x^i; a product is divided by x^128.</summary>
    private static UInt128 SlowPolyval(byte[] point, byte[] blocks)
    {
        var (h, sum) = (BinaryPrimitives.ReadUInt128LittleEndian(point), UInt128.Zero);
        for (var at = 0; at < blocks.Length; at += 16)
        {
            sum = Dot(sum ^ BinaryPrimitives.ReadUInt128LittleEndian(blocks.AsSpan(at)), h);
        }

        return sum;
    }

    /// <summary>What the product says it computes, word by word: a word of a block is paired with that of the next block.</summary>
    private static UInt128 SlowPseudoDot(byte[] keys, UInt128 before, byte[] text)
    {
        const int Group = 2048;
        UInt128 Key(int at) => BinaryPrimitives.ReadUInt128LittleEndian(keys.AsSpan(at));
        var sum = Dot(before ^ Key(Group), (UInt128)text.Length ^ Key(Group + 16));
        var padded = text.Length % 64 == 0 ? text
            : text.Length < 64 ? [.. text, .. new byte[64 - text.Length]]
            : [.. text[..(text.Length & -64)], .. text[^64..]];
        for (var first = 0; first < padded.Length; first += Group)
        {
            sum = first == 0 ? sum : Dot(sum, Key(Group + 32));
            byte[] group = padded[first..Math.Min(padded.Length, first + Group)];
            group = [.. group, .. new byte[-group.Length & 127]];
            for (var at = 0; at < group.Length; at += at % 64 == 48 ? 80 : 16)
            {
                sum ^= Dot(
                    BinaryPrimitives.ReadUInt128LittleEndian(group.AsSpan(at)) ^ Key(at),
                    BinaryPrimitives.ReadUInt128LittleEndian(group.AsSpan(at + 64)) ^ Key(at + 64));
            }
        }

        return sum;
    }

    private static UInt128 Dot(UInt128 left, UInt128 right)
    {
        // x^128 + x^127 + x^126 + x^121 + 1, divided by x: what is carried when a polynomial with a constant term is divided by x.
        var modulus = ((UInt128)1 << 127) | ((UInt128)1 << 126) | ((UInt128)1 << 125) | ((UInt128)1 << 120);
        var product = UInt128.Zero;
        for (var bit = 0; bit < 128; bit++)
        {
            product ^= ((left >> bit) & 1) == 1 ? right : 0;
            product = (product & 1) == 1 ? (product >> 1) ^ modulus : product >> 1;
        }

        return product;
    }
}
