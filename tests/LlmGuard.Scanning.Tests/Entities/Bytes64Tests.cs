using System.Buffers.Binary;
using System.Runtime.InteropServices;
using LlmGuard.Scanning.Entities;

namespace LlmGuard.Scanning.Tests.Entities;

/// <summary>What vectors tell of 64 bytes is what each of them is.</summary>
public sealed class Bytes64Tests
{
    private static readonly byte[] Vowels = [.. "aeiou"u8];

    [Test]
    public void All_AnyBytes_TellWhatEachIs()
    {
        var random = new Random(3);
        for (var round = 0; round < 2000; round++)
        {
            var text = new byte[Bytes64.Count];
            random.NextBytes(text);

            // All bytes are met, and letters and digits in rows.
            for (var at = 0; at < text.Length; at++)
            {
                text[at] = random.Next(2) == 0 ? text[at] : (byte)"aEz09AZ@[`{/:\n"[random.Next(14)];
            }

            ref var first = ref text[0];
            AssertBits(Bytes64.Letters(ref first), text, static b => AsciiByte.IsLetter(b));
            AssertBits(Bytes64.Capitals(ref first), text, static b => AsciiByte.IsUpper(b));
            AssertBits(Bytes64.Digits(ref first), text, static b => AsciiByte.IsDigit(b));
            AssertBits(Bytes64.Are(ref first, '\n'), text, static b => b == '\n');
            AssertBits(Bytes64.Any(ref first, Vowels), text, static b => Vowels.Contains((byte)(b | 0x20)));
        }
    }

    [Test]
    public void From_AnyByte_RepeatsTheLast()
    {
        var text = new byte[Bytes64.Count];
        new Random(4).NextBytes(text);
        byte[] longer = [.. text, .. Enumerable.Repeat(text[^1], sizeof(ulong))];
        for (var at = 0; at < text.Length; at++)
        {
            Assert.That(Bytes64.From(ref text[0], at), Is.EqualTo(BinaryPrimitives.ReadUInt64LittleEndian(longer.AsSpan(at))), $"From {at}");
        }
    }

    [Test]
    public void Before_AnyOffset_IsWhatStandsThereBehindZeros()
    {
        var text = new byte[3 * Bytes64.Count];
        new Random(5).NextBytes(text);
        byte[] longer = [.. new byte[Bytes64.Count], .. text];
        Span<byte> copy = stackalloc byte[Bytes64.Count];
        for (var at = 0; at <= text.Length; at++)
        {
            copy.Fill(1);
            var before = MemoryMarshal.CreateReadOnlySpan(ref Bytes64.Before(text, at, copy), Bytes64.Count);
            Assert.That(before.SequenceEqual(longer.AsSpan(at, Bytes64.Count)), $"Before {at}");
        }
    }

    private static void AssertBits(ulong bits, byte[] text, Func<byte, bool> kind)
    {
        for (var at = 0; at < text.Length; at++)
        {
            Assert.That(bits >> at & 1, Is.EqualTo(kind(text[at]) ? 1 : 0), $"{text[at]:X2} at {at}");
        }
    }
}
