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

    /// <summary>The next word from one on that is of any of some classes; the number of words if there is none.</summary>
    public int Next(int from, WordClass classes)
    {
        ref var first = ref Unsafe.As<WordClass, ulong>(ref MemoryMarshal.GetArrayDataReference(_classes));
        var at = from;
        if (Vector256.IsHardwareAccelerated)
        {
            // Behind the last word there is a margin to load.
            var wanted = Vector256.Create((ulong)classes);
            for (; at < Count; at += 2 * Vector256<ulong>.Count)
            {
                var low = Vector256.Equals(Vector256.LoadUnsafe(ref first, (nuint)(Margin + at)) & wanted, Vector256<ulong>.Zero).ExtractMostSignificantBits();
                var high = Vector256.Equals(Vector256.LoadUnsafe(ref first, (nuint)(Margin + at + 4)) & wanted, Vector256<ulong>.Zero).ExtractMostSignificantBits();
                var found = ~(low | (high << 4)) & 0xFF;
                if (found != 0)
                {
                    return Math.Min(Count, at + System.Numerics.BitOperations.TrailingZeroCount(found));
                }
            }

            return Count;
        }

        while (at < Count && (_classes[Margin + at] & classes) == WordClass.None)
        {
            at++;
        }

        return at;
    }

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
}
