using System.Numerics;
using LlmGuard.Scanning.Entities;
using LlmGuard.Scanning.Prefilter;

namespace LlmGuard.Scanning.Tests.Entities;

/// <summary>The offsets of all bits are written, in order, by vectors as one by one.</summary>
[NonParallelizable]
public sealed class OffsetBitsTests
{
    private const int Most = 8;
    private const ushort Untouched = 0xABCD;

    [TearDown]
    public void UseAllVectors() => Simd.Level = SimdLevel.Bits512;

    [Test]
    public void Write_AnyBits_GivesTheirOffsetsInOrder([Values] bool isWide, [Values(56, 64)] int stride)
    {
        Simd.Level = isWide ? SimdLevel.Bits512 : SimdLevel.Scalar;
        var random = new Random(7);
        for (var i = 0; i < 2000; i++)
        {
            ulong[] bits = [.. Enumerable.Range(0, random.Next(Most + 1)).Select(_ => Bits(random))];
            ushort[] expected =
            [
                .. bits.SelectMany((word, number) =>
                    Enumerable.Range(0, 64).Where(bit => (word >> bit & 1) != 0).Select(bit => (ushort)((number * stride) + bit))),
            ];
            var offsets = new ushort[(bits.Length * 64) + OffsetBits.Slack + 1];
            offsets[^1] = Untouched;
            var count = OffsetBits.Write(bits, stride, ref offsets[0]);
            Assert.That(offsets[..count], Is.EqualTo(expected));
            Assert.That(offsets[^1], Is.EqualTo(Untouched), "Nothing is written behind the slack.");
        }
    }

    // None, few, or more than half of them.
    private static ulong Bits(Random random) => random.Next(4) switch
    {
        0 => 0,
        1 => ulong.MaxValue,
        2 => BitOperations.RotateLeft(0x8000_0001_0000_0101, random.Next(64)),
        _ => (ulong)random.NextInt64() | ((ulong)random.NextInt64() << 17),
    };
}
