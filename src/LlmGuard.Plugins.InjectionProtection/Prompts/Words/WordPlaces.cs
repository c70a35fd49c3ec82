using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace LlmGuard.Plugins.InjectionProtection.Prompts.Words;

/// <summary>
/// Eight words in a row, and what stands around each of them. Every question is answered for all of them, so that a condition of a grammar is a few
/// answers joined by "and" and "or", and has no branch that could be mispredicted.
/// </summary>
/// <remarks>Vectors of 512 bits, which other machines make of narrower ones.</remarks>
internal readonly ref struct WordPlaces
{
    /// <summary>How many words.</summary>
    public const int Width = 8;

    /// <summary>Words that <see cref="Before"/> and <see cref="Behind"/> look at.</summary>
    public const int Few = 4;

    private readonly ref readonly ulong _classes;
    private readonly ref readonly ulong _fours;
    private readonly ref readonly ulong _near;

    internal WordPlaces(ref ulong classes, ref ulong fours, ref ulong near)
    {
        _classes = ref classes;
        _fours = ref fours;
        _near = ref near;
    }

    /// <summary>Those that are of any of some classes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Places Are(WordClass classes) => Have(in _classes, classes);

    /// <summary>Those in front of a word of any of some classes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Places NextAre(WordClass classes) => Have(in Unsafe.Add(ref Unsafe.AsRef(in _classes), 1), classes);

    /// <summary>Those that have a word of some classes near, as <see cref="WordRow.Near"/> has it, or are one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Places Near(WordClass classes) => Have(in _near, classes);

    /// <summary>Those that have a word of some classes among the <see cref="Few"/> before them.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Places Before(WordClass classes) => Have(in Unsafe.Subtract(ref Unsafe.AsRef(in _fours), Few), classes);

    /// <summary>Those that have a word of some classes among the <see cref="Few"/> behind them.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Places Behind(WordClass classes) => Have(in Unsafe.Add(ref Unsafe.AsRef(in _fours), 1), classes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Places Have(ref readonly ulong row, WordClass classes) => new(Vector512.LoadUnsafe(in row) & Vector512.Create((ulong)classes));

    /// <summary>Some of the words: those whose number is not zero.</summary>
    internal readonly struct Places(Vector512<ulong> numbers)
    {
        private readonly Vector512<ulong> _numbers = numbers;

        /// <summary>None of them.</summary>
        public static Places None => default;

        /// <summary>One bit for each word.</summary>
        public uint Bits => ~(uint)Vector512.Equals(_numbers, Vector512<ulong>.Zero).ExtractMostSignificantBits() & ((1u << Width) - 1);

        /// <summary>Those in both: the lesser of two numbers is zero where one of them is.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Places operator &(Places one, Places other) => new(Vector512.Min(one._numbers, other._numbers));

        /// <summary>Those in either.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Places operator |(Places one, Places other) => new(one._numbers | other._numbers);
    }
}
