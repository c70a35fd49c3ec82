using System.Runtime.CompilerServices;

namespace LlmGuard.Scanning.Folding;

/// <summary>What every code point becomes, in pages of 256 that are made when one of them is first met. Thread-safe without a lock.</summary>
/// <typeparam name="T">What becomes of one.</typeparam>
internal static class CodePointPages<T>
    where T : struct, ICodePointRule
{
    private static readonly int[]?[] Pages = new int[]?[0x1100];

    /// <summary>What a code point becomes.</summary>
    /// <param name="codePoint">The code point, at most U+10FFFF.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Find(int codePoint)
    {
        // Two threads may both compute a page; the pages are equal.
        var page = Volatile.Read(ref Pages[codePoint >> 8]) ?? Compute(codePoint >> 8);
        return page[codePoint & 0xFF];
    }

    private static int[] Compute(int number)
    {
        var page = new int[256];
        for (var i = 0; i < page.Length; i++)
        {
            page[i] = T.Resolve((number << 8) | i);
        }

        Volatile.Write(ref Pages[number], page);
        return page;
    }
}
