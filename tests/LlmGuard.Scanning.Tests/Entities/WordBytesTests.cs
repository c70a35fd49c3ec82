using LlmGuard.Scanning.Entities;

namespace LlmGuard.Scanning.Tests.Entities;

/// <summary>One byte at a time says what sixteen and thirty-two at a time say.</summary>
public sealed class WordBytesTests
{
    [Test]
    public void IsWithin_AnyTwoBytes_IsAsForManyAtOnce()
    {
        var bytes = new byte[34];
        for (var before = 0; before < 256; before++)
        {
            for (var here = 0; here < 256; here++)
            {
                (bytes[0], bytes[1]) = ((byte)before, (byte)here);
                var isWithin = WordBytes.IsWithin((byte)before, (byte)here);
                Assert.That((WordBytes.Within128(ref bytes[1]) & 1) != 0, Is.EqualTo(isWithin), $"{before} {here}");
                if (System.Runtime.Intrinsics.X86.Avx2.IsSupported)
                {
                    Assert.That((WordBytes.Within256(ref bytes[1]) & 1) != 0, Is.EqualTo(isWithin), $"{before} {here}");
                }
            }
        }
    }
}
