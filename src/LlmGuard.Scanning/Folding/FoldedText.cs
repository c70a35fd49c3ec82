using System.Text;
using LlmGuard.Scanning.Views;

namespace LlmGuard.Scanning.Folding;

/// <summary>
/// A text in its folded form, with the way back to the original. Filled by <see cref="TextFolder"/>; reusable, for one thread at a time.
/// </summary>
/// <remarks>
/// The map is a list of runs. Within a linear run bytes correspond one to one, a run of letters of two bytes is counted (<see cref="LetterPairs"/>);
/// any other run is one original character, and a span that touches part of it maps to all of it. What is no longer asked about can be forgotten,
/// so that a text of any length is folded in the memory of a piece of it.
/// </remarks>
internal sealed partial class FoldedText : IDisposable
{
    private const int LargestKept = 1 << 20;

    /// <summary>Bytes of folded text for which the length of the original is bounded.</summary>
    public const int Block = ViewText.Block;

    // A list: texts that stand in texts are folded while those still are.
    [ThreadStatic]
    private static FoldedText? _spare;

    private FoldedText? _nextSpare;
    private byte[] _bytes = [];
    private int _length;
    private Run[] _runs = [];
    private int _runCount;
    private long _blockEnd;
    private long _blockOriginal;

    /// <summary>The folded text, as far as it is not forgotten: valid UTF-8 if the original is.</summary>
    public ReadOnlySpan<byte> Utf8 => _bytes.AsSpan(0, _length);

    /// <summary>How many folded bytes are forgotten.</summary>
    public long Origin { get; private set; }

    /// <summary>Offset in the original from which the other offsets count.</summary>
    public long Original { get; private set; }

    /// <summary>Most original bytes that <see cref="Block"/> folded ones were made from.</summary>
    public long Widest { get; private set; }

    /// <summary>Whether anything was dropped of which nobody sees, or only as a mark, that it is there.</summary>
    public bool HasDropped { get; private set; }

    /// <summary>Ignorable or combining code points in a row at the end.</summary>
    internal int Invisible { get; set; }

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
        var from = first.Original + OriginalLength(first, start);
        var foldedEnd = lastIndex + 1 < _runCount ? _runs[lastIndex + 1].Folded : _length;
        var to = last.Kind != RunKind.Character && start + length < foldedEnd
            ? last.Original + OriginalLength(last, start + length) : last.OriginalEnd;
        return (from, to - from);
    }

    /// <summary>Clears the text and keeps the instance for the next one of this thread. To be called once.</summary>
    public void Dispose()
    {
        Reset(0);
        (_nextSpare, _spare) = (_spare, this);
    }

    /// <summary>Forgets folded bytes at the start; those of one original character stay together.</summary>
    /// <param name="count">How many at most.</param>
    internal void Forget(int count)
    {
        if (count <= 0)
        {
            return;
        }

        var first = RunAt(count);
        ref var run = ref _runs[first];
        count = run.Kind != RunKind.Character || count >= _length ? count : run.Folded;
        if (run.Kind != RunKind.Character && count > run.Folded)
        {
            (run.Original, run.Folded) = (run.Original + OriginalLength(run, count), count);
        }

        var original = run.Original;
        _bytes.AsSpan(count, _length - count).CopyTo(_bytes);
        _bytes.AsSpan(_length - count, count).Clear();
        (_length, Origin, Original) = (_length - count, Origin + count, Original + original);
        _runs.AsSpan(first, _runCount - first).CopyTo(_runs);
        _runCount -= first;
        foreach (ref var kept in _runs.AsSpan(0, _runCount))
        {
            (kept.Folded, kept.Original, kept.OriginalEnd) = (kept.Folded - count, kept.Original - original, kept.OriginalEnd - original);
        }
    }

    /// <summary>Becomes a copy of another one.</summary>
    internal void CopyFrom(FoldedText other)
    {
        Reset(other._length);
        other.Utf8.CopyTo(_bytes);
        _runs = _runs.Length < other._runCount ? new Run[other._runs.Length] : _runs;
        other._runs.AsSpan(0, other._runCount).CopyTo(_runs);
        (_length, _runCount, _blockEnd, _blockOriginal) = (other._length, other._runCount, other._blockEnd, other._blockOriginal);
        (Origin, Original, Widest, Invisible) = (other.Origin, other.Original, other.Widest, other.Invisible);
        (IsIdentity, HasTags, HasDropped, HasExcessiveIgnorables) = (other.IsIdentity, other.HasTags, other.HasDropped, other.HasExcessiveIgnorables);
    }

    internal void Reset(int capacity, int largestKept = LargestKept)
    {
        _bytes.AsSpan(0, _length).Clear();
        if (_bytes.Length > largestKept || _runs.Length > largestKept)
        {
            _bytes = [];
            _runs = [];
        }

        _length = 0;
        _runCount = 0;
        (Origin, Original, Widest, Invisible) = (0, 0, 0, 0);
        (_blockEnd, _blockOriginal) = (Block, 0);
        IsIdentity = true;
        HasTags = false;
        HasDropped = false;
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

    /// <summary>Appends what becomes of the letters of two bytes that a text begins with.</summary>
    /// <param name="text">The text.</param>
    /// <param name="original">Its offset in the original.</param>
    /// <param name="isDecided">Whether the first letter is read as one of ASCII that it looks like, whatever stands around it.</param>
    /// <returns>How many bytes of the text that were.</returns>
    internal int AppendLetters(ReadOnlySpan<byte> text, int original, bool isDecided)
    {
        for (var taken = 0; ;)
        {
            // No further than the block: what begins behind it is counted from there.
            var limit = (int)Math.Clamp(_blockEnd - Origin - _length, 1, LetterPairs.LongestRow);
            var room = Reserve(limit + LetterPairs.Slack);
            var isInWord = isDecided || WordReader.IsWordBefore(Utf8, _length);
            var read = LetterPairs.Folded.Read(text[taken..], room, limit, isInWord, out var written, out var isChanged);
            if (read == 0)
            {
                return taken;
            }

            IsIdentity &= !isChanged;
            Measure(written, original + taken, read, isLinear: false);
            Add(original + taken, read, RunKind.Letters);
            _length += written;
            taken += read;
            isDecided = false;
        }
    }

    /// <summary>Appends a character of ASCII that one original character became.</summary>
    internal void AppendByte(byte value, int original, int originalLength, bool isLinear)
    {
        Extend(1, original, originalLength, isLinear);
        if (_length == _bytes.Length)
        {
            Reserve(1);
        }

        _bytes[_length++] = value;
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
    internal void Skip(int original, int originalLength)
    {
        (IsIdentity, HasDropped) = (false, true);
        Widest = Math.Max(Widest, Original + original + originalLength - _blockOriginal);
    }

    /// <summary>Drops a mark that belongs to the character before it.</summary>
    internal void SkipMark(int original, int originalLength)
    {
        Skip(original, originalLength);
        if (_runCount > 0)
        {
            _runs[_runCount - 1].OriginalEnd = original + originalLength;
        }
    }

    private void Extend(int foldedLength, int original, int originalLength, bool isLinear)
    {
        IsIdentity &= isLinear;
        Measure(foldedLength, original, originalLength, isLinear);
        if (_runCount > 0 && isLinear)
        {
            ref var last = ref _runs[_runCount - 1];
            if (last.Kind == RunKind.Linear && last.OriginalEnd == original && last.Original + _length - last.Folded == original)
            {
                last.OriginalEnd += foldedLength;
                return;
            }
        }

        Add(original, originalLength, isLinear ? RunKind.Linear : RunKind.Character);
    }

    private void Add(int original, int originalLength, RunKind kind)
    {
        if (_runCount == _runs.Length)
        {
            Array.Resize(ref _runs, Math.Max(16, _runs.Length * 2));
        }

        // Written where it stands: what is put together elsewhere and copied as a whole waits for its parts.
        ref var run = ref _runs[_runCount++];
        run.Folded = _length;
        run.Original = original;
        run.OriginalEnd = original + originalLength;
        run.Kind = kind;
    }

    // How many original bytes the first ones of a run were made from, up to a folded offset in it.
    private int OriginalLength(in Run run, int end) => run.Kind switch
    {
        RunKind.Linear => end - run.Folded,
        RunKind.Letters => LetterPairs.OriginalLength(_bytes.AsSpan(run.Folded..end)),
        _ => 0,
    };

    // Blocks begin a fixed number of folded bytes behind each other, wherever the text is cut.
    private void Measure(int foldedLength, int original, int originalLength, bool isLinear)
    {
        var end = Origin + _length + foldedLength;
        if (end >= _blockEnd)
        {
            Widest = Math.Max(Widest, Original + (isLinear ? original + _blockEnd - Origin - _length : original + originalLength) - _blockOriginal);
            var start = end - (end % Block);
            _blockOriginal = Original + (isLinear ? original + start - Origin - _length : original + originalLength);
            _blockEnd = start + Block;
        }

        Widest = Math.Max(Widest, Original + original + originalLength - _blockOriginal);
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

    private enum RunKind
    {
        Character,
        Linear,
        Letters,
    }

    private struct Run
    {
        public int Folded;
        public int Original;
        public int OriginalEnd;
        public RunKind Kind;
    }
}
