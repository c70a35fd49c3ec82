using System.Text;
using LlmGuard.Scanning.Patterns;

namespace LlmGuard.Scanning.Tests.Patterns;

/// <summary>What a set says it may hold: a filter stands on it.</summary>
public sealed class CharSetTests
{
    [Test]
    public void MayHoldNonAscii_SetsOfAsciiInAnyCase_NeverHidesACharacter()
    {
        for (var letter = 0; letter < 0x80; letter++)
        {
            var set = CharSet.Of(letter).Complete(isNegated: false, ignoresCase: true);
            if (set.MayHoldNonAscii)
            {
                continue;
            }

            for (var codePoint = 0x80; codePoint < 0x20000; codePoint++)
            {
                if (Rune.IsValid(codePoint) && set.Contains(codePoint))
                {
                    Assert.Fail($"{(char)letter} takes U+{codePoint:X4}");
                }
            }
        }
    }
}
