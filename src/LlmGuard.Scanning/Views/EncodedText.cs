namespace LlmGuard.Scanning.Views;

/// <summary>
/// Decodes rows of characters, in one way to divide them into bytes, and scans every stretch of text that comes out as a text of its own.
/// </summary>
/// <remarks>
/// Where an encoded text begins is not known when it is glued to what stands before, so there is one of these for every way. What is no text
/// comes out as bytes that hardly ever are text for long, so stretches of fewer than <see cref="Shortest"/> bytes count for nothing.
/// </remarks>
/// <param name="layer">Makes what scans a stretch.</param>
/// <param name="bits">Bits that a character stands for: 4 or 6.</param>
/// <param name="skipped">Characters that are passed over at the start.</param>
internal sealed class EncodedText(Func<TextLayer> layer, int bits, int skipped)
{
    /// <summary>Bytes of text in a row that are taken for a text.</summary>
    public const int Shortest = 8;

    private readonly byte[] _opening = new byte[Shortest];
    private readonly ViewText _text = new(int.MaxValue);
    private readonly List<Candidate> _found = [];
    private TextLayer? _layer;
    private long _rowStart;
    private long _decoded;
    private long _textStart;
    private int _toSkip;
    private uint _collected;
    private int _collectedBits;
    private long _length;
    private int _continuations;

    /// <summary>Work done in the texts that were found.</summary>
    public long Steps { get; private set; }

    /// <summary>Forgets the text, to start on another.</summary>
    public void Reset() => (Steps, _length) = (0, 0);

    /// <summary>Starts on a row.</summary>
    public void Start(long at)
    {
        (_rowStart, _toSkip, _decoded, _collectedBits) = (at + skipped, skipped, 0, 0);
        (_length, _continuations) = (0, 0);
    }

    /// <summary>Takes the next characters of the row.</summary>
    /// <param name="row">The characters.</param>
    /// <param name="at">Where they begin.</param>
    /// <param name="isEnd">Whether the row ends with them.</param>
    /// <param name="released">The offset before which nothing is asked for any more.</param>
    /// <param name="found">Receives the matches.</param>
    /// <returns>Where an undecided match could begin.</returns>
    public long Take(ReadOnlySpan<byte> row, long at, bool isEnd, long released, List<Candidate> found)
    {
        Span<byte> output = stackalloc byte[256];
        var count = 0;
        for (var i = 0; i < row.Length; i++)
        {
            if (_toSkip > 0)
            {
                _toSkip--;
                continue;
            }

            var value = EncodedDigits.Value(row[i], bits);
            if (value < 0)
            {
                Append(output, ref count);
                End(released, found);
                Start(at + i + 1);
                continue;
            }

            (_collected, _collectedBits) = ((_collected << bits) | (uint)value, _collectedBits + bits);
            if (_collectedBits < 8)
            {
                continue;
            }

            _collectedBits -= 8;
            var decoded = (byte)(_collected >> _collectedBits);
            if (!Continues(decoded))
            {
                Append(output, ref count);
                End(released, found);
                _ = Continues(decoded);
            }

            _decoded++;
            if (_length > 0)
            {
                Keep(decoded, output, ref count);
            }
        }

        Append(output, ref count);
        return isEnd ? End(released, found) : Open(released, found);
    }

    // Whether a byte may follow in a text; one that may begin a text does so.
    private bool Continues(byte value)
    {
        if ((value & 0xC0) == 0x80)
        {
            if (_continuations == 0)
            {
                return _length == 0;
            }

            _continuations--;
        }
        else if (_continuations > 0 || (value < 0x20 && value is not ((byte)'\t' or (byte)'\n' or (byte)'\r')) || value is 0x7F
            or 0xC0 or 0xC1 or > 0xF4)
        {
            return _length == 0;
        }
        else
        {
            _continuations = value switch { >= 0xF0 => 3, >= 0xE0 => 2, >= 0xC2 => 1, _ => 0 };
        }

        _textStart = _length++ == 0 ? _decoded : _textStart;
        return true;
    }

    private void Keep(byte value, Span<byte> output, ref int count)
    {
        if (_length <= Shortest)
        {
            _opening[_length - 1] = value;
            if (_length == Shortest)
            {
                (_layer ??= layer()).Reset();
                _text.Reset(0, 0);
                _text.Append(_opening, _rowStart, _textStart, bits);
            }

            return;
        }

        output[count++] = value;
        if (count == output.Length)
        {
            Append(output, ref count);
        }
    }

    private void Append(Span<byte> output, ref int count)
    {
        if (count > 0)
        {
            _text.Append(output[..count], _rowStart, _textStart + _text.End, bits);
            count = 0;
        }
    }

    private long End(long released, List<Candidate> found)
    {
        if (_length >= Shortest)
        {
            Scan(isEnd: true, released, found);
            Steps += _layer!.Steps;
        }

        (_length, _continuations) = (0, 0);
        return long.MaxValue;
    }

    private long Open(long released, List<Candidate> found)
    {
        if (_length >= Shortest)
        {
            var open = Scan(isEnd: false, released, found);
            return open < _text.End ? _text.OriginalStart(open) : _text.OriginalEnd(open) - 1;
        }

        // The last character may hold bits of a byte to come.
        return _rowStart + ((_decoded - _length) * 8 / bits);
    }

    private long Scan(bool isEnd, long released, List<Candidate> found)
    {
        var first = _text.FirstFrom(released);
        _text.Forget(first - ScanPlan.Left);
        _found.Clear();
        var window = new ScanWindow(_text.Bytes, (int)(first - _text.Origin), _text.Origin, isEnd);
        var open = _layer!.Find(isEnd ? window : window.Until(_text.End - BytesOfOpenCharacter()), _found);
        _text.AddOriginals(_found, found);
        return open;
    }

    // A character whose last bytes are still to come is not shown to anybody.
    private int BytesOfOpenCharacter()
    {
        var count = 0;
        while (_continuations > 0 && (_text.Bytes[^++count] & 0xC0) == 0x80)
        {
        }

        return count;
    }
}
