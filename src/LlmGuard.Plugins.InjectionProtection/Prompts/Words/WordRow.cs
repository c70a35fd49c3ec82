using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace LlmGuard.Plugins.InjectionProtection.Prompts.Words;

/// <summary>The words of a text, and their classes once more in rows of their own, so that what stands around a word is asked for at once.</summary>
/// <remarks>
/// What is near is gathered for all words at once, as soon as they are all known: first the classes of four words in a row, then what seven such
/// fours cover. Rows are asked eight words at a time (<see cref="WordPlaces"/>).
/// </remarks>
internal sealed class WordRow
{
    /// <summary>Words before and behind one that <see cref="Near"/> looks at.</summary>
    public const int Before = 10;

    /// <inheritdoc cref="Before"/>
    public const int Behind = 14;

    // Before the first word and behind the last stand words of no class.
    private const int Margin = 16;

    // Whole vectors are gathered, the last of which begins within the margin and looks at what stands behind it.
    private const int Slack = 2 * WordPlaces.Width;

    private const int Around = (2 * Margin) + Slack;

    private Word[] _words = new Word[256];
    private WordClass[] _classes = new WordClass[256 + Around];
    private WordClass[] _fours = new WordClass[256 + Around];
    private WordClass[] _near = new WordClass[256 + Around];

    public int Count { get; private set; }

    public ReadOnlySpan<Word> Words => _words.AsSpan(0, Count);

    public bool IsLarge => _words.Length > 1 << 16;

    /// <summary>The classes of all words together: what is in none of them stands nowhere.</summary>
    public WordClass All { get; private set; }

    /// <summary>Forgets the words.</summary>
    public void Clear() => (Count, All) = (0, WordClass.None);

    public void Add(in Word word)
    {
        Reserve(1) = word;
        _classes[Margin + Count++] = word.Class;
    }

    /// <summary>Room for the next words, to be taken by <see cref="Take"/>; they are given their classes through <see cref="Open"/>.</summary>
    public ref Word Reserve(int count)
    {
        if (_words.Length - Count < count)
        {
            Array.Resize(ref _words, Math.Max(Count + count, _words.Length * 2));
            Array.Resize(ref _classes, _words.Length + Around);
            (_fours, _near) = (new WordClass[_classes.Length], new WordClass[_classes.Length]);
        }

        return ref _words[Count];
    }

    /// <summary>The words from one on, and their classes once more, to be told what they mean.</summary>
    public void Open(int from, out Span<Word> words, out Span<WordClass> classes)
    {
        words = _words.AsSpan(from, Count - from);
        classes = _classes.AsSpan(Margin + from, Count - from);
    }

    /// <summary>Takes so many words of what was reserved.</summary>
    public void Take(int count) => Count += count;

    /// <summary>Ends the row. Only then may be asked what is near to what.</summary>
    public void Seal()
    {
        _classes.AsSpan(Margin + Count, Margin).Clear();
        ref var classes = ref Row(_classes);
        ref var fours = ref Row(_fours);
        ref var near = ref Row(_near);
        for (var at = 0; at < Count + (2 * Margin); at += Vector256<ulong>.Count)
        {
            ref var here = ref Unsafe.Add(ref classes, at);
            var four = Vector256.LoadUnsafe(ref here) | Vector256.LoadUnsafe(ref here, 1)
                | Vector256.LoadUnsafe(ref here, 2) | Vector256.LoadUnsafe(ref here, 3);
            four.StoreUnsafe(ref fours, (nuint)at);
        }

        var union = Vector256<ulong>.Zero;
        for (var at = Margin; at < Count + Margin; at += Vector256<ulong>.Count)
        {
            union |= Vector256.LoadUnsafe(ref classes, (nuint)at);
            ref var first = ref Unsafe.Add(ref fours, at - Before);
            var all = Vector256.LoadUnsafe(ref first) | Vector256.LoadUnsafe(ref first, 4) | Vector256.LoadUnsafe(ref first, 8)
                | Vector256.LoadUnsafe(ref first, 12) | Vector256.LoadUnsafe(ref first, 16) | Vector256.LoadUnsafe(ref first, 20)
                | Vector256.LoadUnsafe(ref first, Before + 1 + Behind - WordPlaces.Few);
            all.StoreUnsafe(ref near, (nuint)at);
        }

        var halves = union.GetLower() | union.GetUpper();
        All = (WordClass)(halves[0] | halves[1]);
    }

    /// <summary>The words from one on, of which there need not be as many: behind the last stand such of no class.</summary>
    /// <param name="at">The first of them, a word of the row.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public WordPlaces PlacesFrom(int at)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)at, (uint)Count, nameof(at));
        at += Margin;
        return new WordPlaces(ref Unsafe.Add(ref Row(_classes), at), ref Unsafe.Add(ref Row(_fours), at), ref Unsafe.Add(ref Row(_near), at));
    }

    /// <summary>The words that are of any of some classes, in order.</summary>
    public Walk Of(WordClass classes) => new(this, classes);

    /// <summary>The classes of a word and of those around it.</summary>
    public WordClass Near(int at) => _near[Margin + at];

    /// <summary>The classes of the <see cref="Before"/> words in front of one, or of the last ones where there is none.</summary>
    public WordClass InFrontOf(int at)
    {
        var fours = _fours.AsSpan(Margin + at - Before, Before);
        return fours[0] | fours[WordPlaces.Few] | fours[Before - WordPlaces.Few];
    }

    /// <summary>The classes of the <see cref="Behind"/> words from one on.</summary>
    public WordClass From(int at)
    {
        var fours = _fours.AsSpan(Margin + at, Behind);
        return fours[0] | fours[WordPlaces.Few] | fours[2 * WordPlaces.Few] | fours[Behind - WordPlaces.Few];
    }

    private static ref ulong Row(WordClass[] row) => ref Unsafe.As<WordClass, ulong>(ref MemoryMarshal.GetArrayDataReference(row));

    /// <summary>Goes from one word of some classes to the next.</summary>
    internal struct Walk(WordRow row, WordClass classes)
    {
        private int _at = row.All.Has(classes) ? -WordPlaces.Width : row.Count;
        private uint _found;

        public int Current { get; private set; }

        public readonly Walk GetEnumerator() => this;

        public bool MoveNext()
        {
            while (_found == 0)
            {
                _at += WordPlaces.Width;
                if (_at >= row.Count)
                {
                    return false;
                }

                _found = row.PlacesFrom(_at).Are(classes).Bits;
            }

            Current = _at + BitOperations.TrailingZeroCount(_found);
            _found &= _found - 1;
            return true;
        }
    }
}
