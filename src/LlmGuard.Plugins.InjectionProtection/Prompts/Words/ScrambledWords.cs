using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using LlmGuard.Scanning.Lexing;
using static LlmGuard.Plugins.InjectionProtection.Prompts.Words.WordClass;

namespace LlmGuard.Plugins.InjectionProtection.Prompts.Words;

/// <summary>
/// Words with their inner letters in another order, which a model reads as people do: "ignroe", "previuos". Only for the words that the grammars
/// turn on, and only long ones, because short words become other words.
/// </summary>
internal static class ScrambledWords
{
    private const int Letter = 0x1F;

    private static readonly (WordClass Class, string Words)[] Entries =
    [
        (Override, "ignore disregard bypass override"), (Drop, "forget"),
        (Order, "instructions instruction prompts guidelines directives directions"),
        (Prior, "previous earlier preceding"), (Reveal, "reveal display output"), (Inner, "system"), (Secret, "password"),
    ];

    private static readonly Dictionary<ulong, WordClass> Table =
        (from entry in Entries from word in entry.Words.Split(' ') select (Key: Key(Encoding.ASCII.GetBytes(word)), entry.Class))
            .ToDictionary(w => w.Key, w => w.Class);

    // By the length and the first letter, as five bits, a bit for each last one: few words share all three with one of them.
    private static readonly uint[] LastLetters = SortEnds();

    /// <summary>Whether a word of these ends may be one of them.</summary>
    public static bool MayBe(byte first, byte last, int length) => length <= Ends.Longest && Read().Have(first, last, length) != 0;

    /// <summary>The ends of the words, as a loop over words has them at hand.</summary>
    public static Ends Read() => new(LastLetters);

    /// <summary>The classes of a word of which <see cref="MayBe"/> is true.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static WordClass Find(ReadOnlySpan<byte> word) => Table.GetValueOrDefault(Key(word));

    private static uint[] SortEnds()
    {
        var ends = new uint[(Ends.Longest + 1) * (Letter + 1)];
        foreach (var word in Entries.SelectMany(e => e.Words.Split(' ')))
        {
            ends[(word.Length * (Letter + 1)) + (word[0] & Letter)] |= 1u << (word[^1] & Letter);
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

    /// <summary>Tells by their ends which words may be in disorder.</summary>
    internal readonly ref struct Ends(uint[] letters)
    {
        /// <summary>Bytes of the longest word that can be asked about.</summary>
        public const int Longest = ShortWords<WordClass>.Longest;

        private readonly ref uint _letters = ref MemoryMarshal.GetArrayDataReference(letters);

        /// <summary>1 when a word may be, else 0.</summary>
        /// <param name="first">Its first byte.</param>
        /// <param name="last">Its last byte.</param>
        /// <param name="length">How many bytes it has, at most <see cref="Longest"/>.</param>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public int Have(byte first, byte last, nint length) =>
            (int)(Unsafe.Add(ref _letters, (length * (Letter + 1)) + (first & Letter)) >> (last & Letter)) & 1;
    }
}
