using System.Text;

namespace LlmGuard.Scanning.Folding;

/// <summary>A text in its folded form, with the way back to the original. Filled by <see cref="TextFolder"/>; reusable, for one thread at a time.</summary>
/// <remarks>
/// The map is a list of runs. Within a linear run bytes correspond one to one; any other run is one original character, and a span that touches
/// part of it maps to all of it.
/// </remarks>
internal sealed class FoldedText : IDisposable
{
    private const int LargestKept = 1 << 20;

    // A list: texts that stand in texts are folded while those still are.
    [ThreadStatic]
    private static FoldedText? _spare;

    private FoldedText? _nextSpare;
    private byte[] _bytes = [];
    private int _length;
    private Run[] _runs = [];
    private int _runCount;

    /// <summary>The folded text: valid UTF-8 if the original is.</summary>
    public ReadOnlySpan<byte> Utf8 => _bytes.AsSpan(0, _length);

    /// <summary>Whether folding changed nothing but the case of ASCII letters, so that every span maps to itself.</summary>
    public bool IsIdentity { get; private set; }

    /// <summary>Whether invisible tag characters were met: then the text has a second reading (<see cref="TagReading"/>).</summary>
    public bool HasTags { get; internal set; }

    /// <summary>Whether more than <see cref="TextFolder.MaxIgnorables"/> ignorable or combining code points stand in a row.</summary>
    public bool HasExcessiveIgnorables { get; internal set; }

    /// <summary>Takes a spare instance or makes one. Dispose it when done.</summary>
    public static FoldedText Rent()
    {
        var text = _spare ?? new FoldedText();
        (_spare, text._nextSpare) = (text._nextSpare, null);
        return text;
    }

    /// <summary>The span of the original that a non-empty span of <see cref="Utf8"/> was made from, marks that folding dropped included.</summary>
    /// <param name="start">First byte.</param>
    /// <param name="length">Number of bytes, at least 1.</param>
    public (int Start, int Length) ToOriginal(int start, int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(start);
        ArgumentOutOfRangeException.ThrowIfLessThan(length, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, _length - start);
        if (IsIdentity)
        {
            return (start, length);
        }

        ref readonly var first = ref _runs[RunAt(start)];
        var lastIndex = RunAt(start + length - 1);
        ref readonly var last = ref _runs[lastIndex];
        var from = first.IsLinear ? first.Original + start - first.Folded : first.Original;
        var foldedEnd = lastIndex + 1 < _runCount ? _runs[lastIndex + 1].Folded : _length;
        var to = last.IsLinear && start + length < foldedEnd ? last.Original + start + length - last.Folded : last.OriginalEnd;
        return (from, to - from);
    }

    /// <summary>Clears the text and keeps the instance for the next one of this thread. To be called once.</summary>
    public void Dispose()
    {
        Reset(0);
        (_nextSpare, _spare) = (_spare, this);
    }

    internal void Reset(int capacity)
    {
        _bytes.AsSpan(0, _length).Clear();
        if (_bytes.Length > LargestKept)
        {
            _bytes = [];
            _runs = [];
        }

        _length = 0;
        _runCount = 0;
        IsIdentity = true;
        HasTags = false;
        HasExcessiveIgnorables = false;
        if (_bytes.Length < capacity)
        {
            _bytes = new byte[capacity];
        }
    }

    /// <summary>Appends the plain ASCII that a text begins with, in lower case.</summary>
    /// <returns>How many bytes that is.</returns>
    internal int AppendPlain(ReadOnlySpan<byte> text, int original)
    {
        var count = PlainAscii.CopyLower(text, Reserve(text.Length));
        if (count > 0)
        {
            Extend(count, original, count, isLinear: true);
            _length += count;
        }

        return count;
    }

    /// <summary>Appends original characters that are folded already.</summary>
    internal void AppendUnchanged(ReadOnlySpan<byte> text, int original)
    {
        Extend(text.Length, original, text.Length, isLinear: true);
        text.CopyTo(Reserve(text.Length));
        _length += text.Length;
    }

    /// <summary>Appends a code point that one original character became.</summary>
    internal void AppendRune(Rune rune, int original, int originalLength, bool isUnchanged)
    {
        Span<byte> utf8 = stackalloc byte[4];
        var count = rune.EncodeToUtf8(utf8);
        Extend(count, original, originalLength, isUnchanged && count == originalLength);
        utf8[..count].CopyTo(Reserve(count));
        _length += count;
    }

    /// <summary>Appends the ASCII characters that one original character stands for.</summary>
    internal void AppendExpansion(string ascii, int original, int originalLength)
    {
        Extend(ascii.Length, original, originalLength, isLinear: false);
        Ascii.FromUtf16(ascii, Reserve(ascii.Length), out var written);
        _length += written;
    }

    /// <summary>Drops an original character.</summary>
    internal void Skip() => IsIdentity = false;

    /// <summary>Drops a mark that belongs to the character before it.</summary>
    internal void SkipMark(int original, int originalLength)
    {
        IsIdentity = false;
        if (_runCount > 0)
        {
            _runs[_runCount - 1].OriginalEnd = original + originalLength;
        }
    }

    private void Extend(int foldedLength, int original, int originalLength, bool isLinear)
    {
        IsIdentity &= isLinear;
        if (_runCount > 0 && isLinear)
        {
            ref var last = ref _runs[_runCount - 1];
            if (last.IsLinear && last.OriginalEnd == original && last.Original + _length - last.Folded == original)
            {
                last.OriginalEnd += foldedLength;
                return;
            }
        }

        if (_runCount == _runs.Length)
        {
            Array.Resize(ref _runs, Math.Max(16, _runs.Length * 2));
        }

        _runs[_runCount++] = new Run { Folded = _length, Original = original, OriginalEnd = original + originalLength, IsLinear = isLinear };
    }

    private Span<byte> Reserve(int count)
    {
        if (_bytes.Length - _length < count)
        {
            var larger = new byte[Math.Max(_length + count, _bytes.Length * 2)];
            Utf8.CopyTo(larger);
            _bytes.AsSpan(0, _length).Clear();
            _bytes = larger;
        }

        return _bytes.AsSpan(_length, count);
    }

    private int RunAt(int folded)
    {
        var (low, high) = (0, _runCount - 1);
        while (low < high)
        {
            var middle = (low + high + 1) >>> 1;
            if (_runs[middle].Folded <= folded)
            {
                low = middle;
            }
            else
            {
                high = middle - 1;
            }
        }

        return low;
    }

    private struct Run
    {
        public int Folded;
        public int Original;
        public int OriginalEnd;
        public bool IsLinear;
    }
}
