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

    /// <summary>Every length of header and text around where groups of chunks end, against multiplication bit by bit.</summary>
    [Test]
    public void Polyval_AnyLength_AgreesWithMultiplicationBitByBit()
    {
        RequirePolyval();
        var random = new Random(8452);
        var point = new byte[16];
        var bytes = new byte[3 * 4096];
        random.NextBytes(point);
        random.NextBytes(bytes);
        foreach (var header in new[] { 64, 128, 576 })
        {
            foreach (var length in Enumerable.Range(0, 130)
                .Concat([1023, 1024, 1025, 1920, 1983, 1984, 1985, 2047, 2048, 2049, 4031, 4096, 4097, 8192, 8200]))
            {
                var (head, text) = (bytes.AsSpan(0, header).ToArray(), bytes.AsSpan(header, length).ToArray());
                BitConverter.TryWriteBytes(head, length);
                byte[] all = [.. head, .. text, .. new byte[-length & (KeyedHash.Block - 1)]];

                Assert.That(new PolyvalHash(point).Of(head, text), Is.EqualTo(SlowPolyval(point, all)), $"{header} + {length}");
            }
        }
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
        foreach (var (bytes, first) in new[] { (header, KeyedHash.Reserved), (text, 0) })
        {
            for (var bit = first * 8; bit < bytes.Length * 8; bit++)
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

        Assert.That(Enumerable.Range(0, 130).Select(length => seen.Add(hash.Of(new byte[64], new byte[length]))), Has.All.True);
    }

    [TestCaseSource(nameof(Functions))]
    public void Of_Hashes_DependsOnBothAndTheirOrder(Func<object> create)
    {
        var hash = (KeyedHash)create();
        UInt128[] all =
        [
            hash.Of(1, 2), hash.Of(2, 1), hash.Of(1, 1), hash.Of((UInt128)1 << 64, 2), hash.Of(1, (UInt128)2 << 64),
        ];

        Assert.That(all, Is.Unique);
    }

    private static IEnumerable<TestCaseData> Functions()
    {
        if (PolyvalHash.IsSupported)
        {
            yield return new TestCaseData((Func<object>)(() => new PolyvalHash())).SetArgDisplayNames("POLYVAL");
        }

        yield return new TestCaseData((Func<object>)(() => new HmacHash())).SetArgDisplayNames("HMAC");
    }

    private static void RequirePolyval()
    {
        if (!PolyvalHash.IsSupported)
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
