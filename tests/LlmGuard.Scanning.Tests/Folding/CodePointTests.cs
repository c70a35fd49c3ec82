using System.Text;
using LlmGuard.Scanning.Folding;

namespace LlmGuard.Scanning.Tests.Folding;

/// <summary>Characters are read as the runtime reads them.</summary>
public sealed class CodePointTests
{
    [Test]
    public void Read_EveryCharacter_IsThatOfTheRuntime([Values("", "x", "\u00E9", "\u4FE1")] string behind)
    {
        Span<byte> utf8 = stackalloc byte[8];
        for (var value = 0; value <= 0x10FFFF; value++)
        {
            if (Rune.IsValid(value))
            {
                var width = new Rune(value).EncodeToUtf8(utf8);
                var length = width + Encoding.UTF8.GetBytes(behind, utf8[width..]);
                Assert.That((CodePoint.Read(utf8[..length], 0, out var read), read), Is.EqualTo((value, width)), $"U+{value:X4}");
            }
        }
    }

    [Test]
    public void Read_AnyBytes_AreReadAsByTheRuntime()
    {
        var random = new Random(1);
        for (var n = 0; n < 200_000; n++)
        {
            // Hardly any of these are well formed, and those that are stand at a limit as often as not.
            var bytes = new byte[1 + random.Next(4)];
            random.NextBytes(bytes);
            bytes[0] |= 0x80;
            bytes[^1] = random.Next(2) == 0 ? (byte)(0x80 | (bytes[^1] & 0x3F)) : bytes[^1];
            Rune.DecodeFromUtf8(bytes, out var rune, out var width);
            Assert.That((CodePoint.Read(bytes, 0, out var read), read), Is.EqualTo((rune.Value, width)), Convert.ToHexString(bytes));
        }
    }
}
