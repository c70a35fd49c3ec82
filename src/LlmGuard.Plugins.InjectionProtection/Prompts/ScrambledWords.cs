using System.Runtime.CompilerServices;
using System.Text;
using static LlmGuard.Plugins.InjectionProtection.Prompts.WordClass;

namespace LlmGuard.Plugins.InjectionProtection.Prompts;

/// <summary>
/// Words with their inner letters in another order, which a model reads as people do: "ignroe", "previuos". Only for the words that the grammars
/// turn on, and only long ones, because short words become other words.
/// </summary>
internal static class ScrambledWords
{
    private const int Shortest = 6;
    private const int Longest = 14;
    private const int Letter = 0x1F;

    private static readonly (WordClass Class, string Words)[] Entries =
    [
        (Override, "ignore disregard bypass override"), (Drop, "forget"), (Order, "instructions instruction prompts guidelines directives directions"),
        (Prior, "previous earlier preceding"), (Reveal, "reveal display output"), (Inner, "system"), (Secret, "password"),
    ];

    private static readonly Dictionary<ulong, WordClass> Table =
        (from entry in Entries from word in entry.Words.Split(' ') select (Key: Key(Encoding.ASCII.GetBytes(word)), entry.Class)).ToDictionary(w => w.Key, w => w.Class);

    // By the first letter, as five bits, a bit for each last one: few words share both with one of them.
    private static readonly uint[] LastLetters = ReadEnds();

    /// <summary>Whether a word of these ends may be one of them.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool MayBe(byte first, byte last, int length) =>
        ((LastLetters[first & Letter] >> (last & Letter)) & ((uint)(length - Shortest) <= Longest - Shortest ? 1u : 0u)) != 0;

    /// <summary>The classes of a word of which <see cref="MayBe"/> is true.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static WordClass Find(ReadOnlySpan<byte> word) => Table.GetValueOrDefault(Key(word));

    private static uint[] ReadEnds()
    {
        var ends = new uint[Letter + 1];
        foreach (var word in Entries.SelectMany(e => e.Words.Split(' ')))
        {
            ends[word[0] & Letter] |= 1u << (word[^1] & Letter);
        }

        return ends;
    }

    // The first and the last letter, the length, and sums that do not depend on the order of the letters between.
    private static ulong Key(ReadOnlySpan<byte> word)
    {
        var (sum, squares, cubes) = (0u, 0u, 0u);
        foreach (var letter in word)
        {
            var value = (uint)letter;
            sum += value;
            squares += value * value;
            cubes += value * value * value;
        }

        var ends = ((ulong)word[0] << 56) | ((ulong)word[^1] << 48) | ((ulong)(byte)word.Length << 40);
        return ends | ((ulong)(ushort)(sum ^ (squares << 3)) << 24) | (cubes & 0xFFFFFF);
    }
}
