using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace LlmGuard.Plugins.InjectionProtection.Prompts.Words;

/// <summary>
/// Eight words in a row, and what stands around each of them. Every question is answered for all of them, so that a condition of a grammar is a few
/// answers joined by "and" and "or", and has no branch that could be mispredicted.
/// </summary>
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

    // Two answers are joined more often than one is asked for, and a number joins them whatever the vectors are: those of 512 bits are made of calls
    // and copies where the machine has none, and the lesser of two lanes of 64 bits takes many steps.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Places Have(ref readonly ulong row, WordClass classes)
    {
        if (Vector512.IsHardwareAccelerated)
        {
            var found = Vector512.LoadUnsafe(in row) & Vector512.Create((ulong)classes);
            return new(Vector512.Equals(found, Vector512<ulong>.Zero).ExtractMostSignificantBits());
        }

        var wanted = Vector256.Create((ulong)classes);
        var first = Vector256.Equals(Vector256.LoadUnsafe(in row) & wanted, Vector256<ulong>.Zero);
        var last = Vector256.Equals(Vector256.LoadUnsafe(in row, (nuint)Vector256<ulong>.Count) & wanted, Vector256<ulong>.Zero);
        return new(first.ExtractMostSignificantBits() | ((ulong)last.ExtractMostSignificantBits() << Vector256<ulong>.Count));
    }

    /// <summary>Some of the words.</summary>
    /// <param name="others">One bit for each word that is none of them.</param>
    internal readonly struct Places(ulong others)
    {
        private readonly ulong _others = others;

        /// <summary>None of them.</summary>
        public static Places None => new(ulong.MaxValue);

        /// <summary>One bit for each word.</summary>
        public uint Bits => ~(uint)_others & ((1u << Width) - 1);

        /// <summary>Those in both.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Places operator &(Places one, Places other) => new(one._others | other._others);

        /// <summary>Those in either.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Places operator |(Places one, Places other) => new(one._others & other._others);
    }
}
