using LlmGuard.Scanning.Folding;

namespace LlmGuard.Scanning.Views;

/// <summary>
/// Another form of a text, growing with it, and the way back. Only the part that may still be asked about is kept. For one thread at a time.
/// </summary>
/// <remarks>
/// The map is a list of runs. In most runs so many bits of each original byte make up the bytes of the view: eight where nothing changed, six in
/// base64, four in hexadecimal digits. A run of a single unit is one original character or escape, which a span covers whole or not at all. In a run
/// of letters of two bytes the bytes of the view tell how many were made from two (<see cref="LetterPairs"/>).
/// </remarks>
/// <param name="limit">Most original bytes that <see cref="Block"/> bytes of the view may be made from.</param>
internal sealed partial class ViewText(int limit)
{
    /// <summary>Bytes of the view for which the length of the original is bounded.</summary>
    public const int Block = 2304;

    private const int Unit = 0;
    private const int Letters = -1;

    private byte[] _bytes = [];
    private Run[] _runs = [];
    private int _first;
    private int _length;
    private int _runCount;
    private long _blockStart;
    private long _blockOriginal;

    /// <summary>Offset in the view of the first byte that is kept.</summary>
    public long Origin { get; private set; }

    /// <summary>Length of the view so far.</summary>
    public long End => Origin + _length;

    /// <summary>The bytes that are kept.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes.AsSpan(_first, _length);

    /// <summary>Starts anew.</summary>
    /// <param name="origin">Offset of the first byte that will be appended.</param>
    /// <param name="original">Offset in the original that it is made from, for the bound.</param>
    public void Reset(long origin, long original)
    {
        _bytes.AsSpan(_first, _length).Clear();
        (Origin, _first, _length, _runCount) = (origin, 0, 0, 0);
        (_blockStart, _blockOriginal) = (origin - (origin % Block), original - (origin % Block));
    }

    /// <summary>Appends bytes that each are made from so many bits of the original's bytes.</summary>
    /// <param name="bytes">The bytes.</param>
    /// <param name="original">Where in the original the row of bits begins.</param>
    /// <param name="skipped">How many bytes of that row come before the first one.</param>
    /// <param name="bits">Bits of each original byte: 4, 6 or 8.</param>
    public void Append(ReadOnlySpan<byte> bytes, long original, long skipped, int bits)
    {
        GoOn(original, skipped, bits);
        CopyIn(bytes);
        if (bits == 8)
        {
            Check(End - bytes.Length, original, bytes.Length);
        }
    }

    /// <summary>Appends bytes that stand for one unit of the original.</summary>
    public void AppendUnit(ReadOnlySpan<byte> bytes, long original, long originalEnd)
    {
        Add(original, originalEnd, Unit);
        CopyIn(bytes);
        EndUnit(originalEnd);
    }

    /// <summary>Appends a byte that stands for one unit of the original.</summary>
    public void AppendUnit(byte value, long original, long originalEnd)
    {
        Add(original, originalEnd, Unit);
        if (_first + _length < _bytes.Length)
        {
            _bytes[_first + _length++] = value;
        }
        else
        {
            CopyIn([value]);
        }

        EndUnit(originalEnd);
    }

    /// <summary>Appends what becomes of the letters of two bytes that a text begins with.</summary>
    /// <returns>How many bytes of the text that were.</returns>
    public int AppendLetters(ReadOnlySpan<byte> text, long original, LetterPairs letters)
    {
        for (var taken = 0; ;)
        {
            // No further than the block: what begins behind it is counted from there.
            var limit = (int)Math.Clamp(_blockStart + Block - End, 1, LetterPairs.LongestRow);
            Reserve(limit + LetterPairs.Slack);
            var read = letters.Read(text[taken..], _bytes.AsSpan(_first + _length), limit, isInWord: true, out var written, out _);
            if (read == 0)
            {
                return taken;
            }

            Add(original + taken, 0, Letters);
            _length += written;
            taken += read;
            EndUnit(original + taken);
        }
    }

    /// <summary>Checks the bound where a unit of the original ends, of which perhaps nothing is left.</summary>
    public void Skip(long originalEnd)
    {
        if (originalEnd - _blockOriginal > limit)
        {
            throw new ScanBoundException(ScanBound.ViewLength);
        }
    }

    /// <summary>Where the original of a byte begins; for the end of the view, nothing.</summary>
    public long OriginalStart(long offset)
    {
        ref readonly var run = ref _runs[RunAt(offset)];
        return run.Bits == Unit ? run.Original
            : run.Bits == Letters ? LettersTo(offset, run)
            : run.Original + ((run.Skipped + offset - run.View) * 8 / run.Bits);
    }

    /// <summary>Where the original of the byte before an offset ends.</summary>
    public long OriginalEnd(long offset)
    {
        ref readonly var run = ref _runs[RunAt(offset - 1)];
        return run.Bits == Unit ? run.Skipped
            : run.Bits == Letters ? LettersTo(offset, run)
            : run.Original + ((((run.Skipped + offset - run.View) * 8) + run.Bits - 1) / run.Bits);
    }

    /// <summary>Finds the next stretch that is the same in the original.</summary>
    /// <param name="run">0 to start with; then what it was left at.</param>
    /// <param name="start">Where it starts.</param>
    /// <param name="end">Where it ends.</param>
    /// <param name="original">Where it starts in the original.</param>
    public bool NextSame(ref int run, out long start, out long end, out long original)
    {
        while (run < _runCount)
        {
            ref readonly var same = ref _runs[run++];
            if (same.Bits == 8)
            {
                start = Math.Max(same.View, Origin);
                end = run < _runCount ? _runs[run].View : End;
                original = same.Original + same.Skipped + start - same.View;
                return true;
            }
        }

        (start, end, original) = (0, 0, 0);
        return false;
    }

    /// <summary>Adds what was found in the view by where it stands in the original.</summary>
    public void AddOriginals(List<Candidate> inView, List<Candidate> found)
    {
        foreach (var candidate in inView)
        {
            found.Add(candidate with { Start = OriginalStart(candidate.Start), End = OriginalEnd(candidate.End) });
        }
    }

    /// <summary>The first offset that is kept whose original begins at an offset or later.</summary>
    public long FirstFrom(long original)
    {
        // In a text that is there as a whole nothing is released before.
        if (_length > 0 && OriginalStart(Origin) >= original)
        {
            return Origin;
        }

        var (low, high) = (Origin, End);
        while (low < high)
        {
            var middle = low + ((high - low) >>> 1);
            if (OriginalStart(middle) >= original)
            {
                high = middle;
            }
            else
            {
                low = middle + 1;
            }
        }

        return low;
    }

    /// <summary>Forgets what comes before an offset.</summary>
    public void Forget(long before)
    {
        if (before <= Origin)
        {
            return;
        }

        // What is forgotten of letters cannot be counted any more.
        if (_length > 0 && before < End && _runs[RunAt(before)] is { Bits: Letters } cut)
        {
            (cut.Original, cut.View) = (LettersTo(before, cut), before);
            _runs[RunAt(before)] = cut;
        }

        var count = (int)(before - Origin);
        _bytes.AsSpan(_first, count).Clear();
        (_first, _length, Origin) = (_first + count, _length - count, before);
        var keep = _length == 0 ? Math.Max(0, _runCount - 1) : RunAt(before);
        if (keep > 0)
        {
            _runs.AsSpan(keep, _runCount - keep).CopyTo(_runs);
            _runCount -= keep;
        }
    }

    private long LettersTo(long offset, in Run run) =>
        run.Original + LetterPairs.OriginalLength(_bytes.AsSpan(_first + (int)(run.View - Origin), (int)(offset - run.View)));

    private void EndUnit(long originalEnd)
    {
        Skip(originalEnd);
        if (End >= _blockStart + Block)
        {
            (_blockStart, _blockOriginal) = (_blockStart + Block, originalEnd);
        }
    }

    private void GoOn(long original, long skipped, int bits)
    {
        if (_runCount == 0 || !_runs[_runCount - 1].GoesOn(End, original, skipped, bits))
        {
            Add(original, skipped, bits);
        }
    }

    // Written where it stands: what is put together elsewhere and copied as a whole waits for its parts.
    private void Add(long original, long skipped, int bits)
    {
        if (_runCount == _runs.Length)
        {
            Array.Resize(ref _runs, Math.Max(8, _runs.Length * 2));
        }

        ref var run = ref _runs[_runCount++];
        run.View = End;
        run.Original = original;
        run.Skipped = skipped;
        run.Bits = bits;
    }

    private void CopyIn(ReadOnlySpan<byte> bytes)
    {
        Reserve(bytes.Length);
        bytes.CopyTo(_bytes.AsSpan(_first + _length));
        _length += bytes.Length;
    }

    private void Reserve(int count)
    {
        if (_first + _length + count > _bytes.Length)
        {
            var larger = _length + count <= _bytes.Length / 2 ? _bytes : new byte[Math.Max(256, (_length + count) * 2)];
            Bytes.CopyTo(larger);
            if (larger == _bytes)
            {
                _bytes.AsSpan(_length, _first).Clear();
            }

            (_bytes, _first) = (larger, 0);
        }
    }

    // Wherever the text is cut, the same blocks are looked at: each begins a fixed number of bytes behind the one before.
    private void Check(long view, long original, int length)
    {
        while (true)
        {
            var taken = (int)Math.Min(length, _blockStart + Block - view);
            (view, original, length) = (view + taken, original + taken, length - taken);
            Skip(original);
            if (view < _blockStart + Block)
            {
                return;
            }

            (_blockStart, _blockOriginal) = (_blockStart + Block, original);
        }
    }

    private int RunAt(long offset)
    {
        var (low, high) = (0, _runCount - 1);
        while (low < high)
        {
            var middle = (low + high + 1) >>> 1;
            if (_runs[middle].View <= offset)
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

    /// <summary>Some bytes of the view.</summary>
    private struct Run
    {
        /// <summary>Where they begin.</summary>
        public long View;

        /// <summary>Where in the original the row of bits, or the unit, begins.</summary>
        public long Original;

        /// <summary>How many bytes of the row of bits come before; for a unit, where its original ends.</summary>
        public long Skipped;

        /// <summary>Bits of each original byte that make up a byte of the view; or what else it is a run of.</summary>
        public int Bits;

        /// <summary>Whether bytes at the end of the view, which it reaches to, would go on with it.</summary>
        public readonly bool GoesOn(long end, long original, long skipped, int bits) =>
            Bits == bits && (bits == 8
                ? Original + end - View == original && Skipped == skipped
                : Original == original && Skipped + end - View == skipped);
    }
}
