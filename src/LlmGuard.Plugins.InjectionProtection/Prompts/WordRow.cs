using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace LlmGuard.Plugins.InjectionProtection.Prompts;

/// <summary>The words of a text, and their classes once more in a row of their own, so that what stands around a word is asked for at once.</summary>
internal sealed class WordRow
{
    /// <summary>Words before and behind one that <see cref="Near"/> looks at.</summary>
    public const int Before = 10;

    /// <inheritdoc cref="Before"/>
    public const int Behind = 14;

    // Before the first word and behind the last stand words of no class.
    private const int Margin = 16;

    private Word[] _words = new Word[256];
    private WordClass[] _classes = new WordClass[256 + (2 * Margin)];

    public int Count { get; private set; }

    public ReadOnlySpan<Word> Words => _words.AsSpan(0, Count);

    public bool IsLarge => _words.Length > 1 << 16;

    /// <summary>Forgets the words.</summary>
    public void Clear() => Count = 0;

    public void Add(in Word word)
    {
        Reserve(1, out var words, out var classes);
        (words[0], classes[0]) = (word, word.Class);
        Count++;
    }

    /// <summary>Room for the next words and their classes, to be taken by <see cref="Take"/>.</summary>
    public void Reserve(int count, out Span<Word> words, out Span<WordClass> classes)
    {
        if (_words.Length - Count < count)
        {
            Array.Resize(ref _words, Math.Max(Count + count, _words.Length * 2));
            Array.Resize(ref _classes, _words.Length + (2 * Margin));
        }

        words = _words.AsSpan(Count, count);
        classes = _classes.AsSpan(Margin + Count, count);
    }

    /// <summary>Takes so many words of what was reserved.</summary>
    public void Take(int count) => Count += count;

    /// <summary>Ends the row. Only then may be asked what is near to what.</summary>
    public void Seal() => _classes.AsSpan(Margin + Count, Margin).Clear();

    /// <summary>The class of a word, of none outside the text; the place may be as far outside as that of one near a word.</summary>
    public WordClass ClassOf(int at) => _classes[Margin + at];

    /// <summary>The words that are of any of some classes, in order.</summary>
    public Walk Of(WordClass classes) => new(_classes, Count, classes);

    /// <summary>The classes of a word and of those around it.</summary>
    public WordClass Near(int at)
    {
        const int count = Before + 1 + Behind;
        ref var first = ref Unsafe.As<WordClass, ulong>(ref _classes[Margin + at - Before]);
        _ = _classes[Margin + at + Behind];
        if (Vector256.IsHardwareAccelerated)
        {
            var near = Vector256.LoadUnsafe(ref first) | Vector256.LoadUnsafe(ref first, 4) | Vector256.LoadUnsafe(ref first, 8)
                | Vector256.LoadUnsafe(ref first, 12) | Vector256.LoadUnsafe(ref first, 16) | Vector256.LoadUnsafe(ref first, 20)
                | Vector256.LoadUnsafe(ref first, count - 4);
            var half = near.GetLower() | near.GetUpper();
            return (WordClass)(half.GetElement(0) | half.GetElement(1));
        }

        var classes = 0UL;
        for (var i = 0; i < count; i++)
        {
            classes |= Unsafe.Add(ref first, i);
        }

        return (WordClass)classes;
    }

    /// <summary>Goes from one word of some classes to the next; eight words are looked at at a time.</summary>
    internal ref struct Walk(ReadOnlySpan<WordClass> row, int count, WordClass classes)
    {
        private const int Width = 8;

        private readonly ref ulong _first = ref Unsafe.As<WordClass, ulong>(ref MemoryMarshal.GetReference(row));
        private readonly int _count = count;
        private int _at = -Width;
        private uint _found;

        public int Current { get; private set; }

        public readonly Walk GetEnumerator() => this;

        public bool MoveNext()
        {
            while (_found == 0)
            {
                _at += Width;
                if (_at >= _count)
                {
                    return false;
                }

                _found = Look();
            }

            Current = _at + BitOperations.TrailingZeroCount(_found);
            _found &= _found - 1;
            return Current < _count;
        }

        // Behind the last word there is a margin to load.
        private readonly uint Look()
        {
            ref var here = ref Unsafe.Add(ref _first, Margin + _at);
            if (Vector512.IsHardwareAccelerated)
            {
                return (uint)~Vector512.Equals(Vector512.LoadUnsafe(ref here) & Vector512.Create((ulong)classes), Vector512<ulong>.Zero).ExtractMostSignificantBits() & 0xFF;
            }

            if (Vector256.IsHardwareAccelerated)
            {
                var wanted = Vector256.Create((ulong)classes);
                return ~(Vector256.Equals(Vector256.LoadUnsafe(ref here) & wanted, Vector256<ulong>.Zero).ExtractMostSignificantBits()
                    | (Vector256.Equals(Vector256.LoadUnsafe(ref here, 4) & wanted, Vector256<ulong>.Zero).ExtractMostSignificantBits() << 4)) & 0xFF;
            }

            var found = 0u;
            for (var i = 0; i < Width; i++)
            {
                found |= (Unsafe.Add(ref here, i) & (ulong)classes) != 0 ? 1u << i : 0;
            }

            return found;
        }
    }
}
