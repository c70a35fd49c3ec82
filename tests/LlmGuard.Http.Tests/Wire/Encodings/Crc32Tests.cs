using LlmGuard.Http.Wire.Encodings;

namespace LlmGuard.Http.Tests.Wire.Encodings;

/// <summary>The checksum against its definition, bit by bit, for every way of adding up bytes.</summary>
[Parallelizable(ParallelScope.All)]
internal sealed class Crc32Tests
{
    [Test]
    public void Of_TheCheckOfTheStandard_IsItsValue() => Assert.That(Crc32.Of("123456789"u8), Is.EqualTo(0xCBF43926));

    [Test]
    public void Of_BytesOfAnyNumber_IsWhatTheDefinitionSays()
    {
        var random = new Random(32);
        for (var length = 0; length < 600; length++)
        {
            var bytes = new byte[length];
            random.NextBytes(bytes);
            Assert.That(Crc32.Of(bytes), Is.EqualTo(BitByBit(bytes)), $"{length} bytes");
        }
    }

    [Test]
    public void Add_BytesInPieces_IsWhatTheDefinitionSaysOfAll()
    {
        var random = new Random(33);
        for (var run = 0; run < 200; run++)
        {
            var bytes = new byte[random.Next(2000)];
            random.NextBytes(bytes);
            var checksum = new Crc32();
            for (var at = 0; at < bytes.Length;)
            {
                var piece = Math.Min(bytes.Length - at, random.Next(200));
                checksum.Add(bytes.AsSpan(at, piece));
                at += piece;
            }

            Assert.That(checksum.Value, Is.EqualTo(BitByBit(bytes)));
        }
    }

    private static uint BitByBit(ReadOnlySpan<byte> bytes)
    {
        var state = uint.MaxValue;
        foreach (var value in bytes)
        {
            state ^= value;
            for (var bit = 0; bit < 8; bit++)
            {
                state = (state & 1) == 0 ? state >> 1 : (state >> 1) ^ 0xEDB88320;
            }
        }

        return ~state;
    }
}
