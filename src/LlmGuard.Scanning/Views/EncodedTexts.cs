namespace LlmGuard.Scanning.Views;

/// <summary>Finds what stands in a text in base64 or in hexadecimal digits.</summary>
internal sealed class EncodedTexts
{
    private readonly EncodedText[] _base64;
    private readonly EncodedText[] _hex;
    private bool _isInRow;
    private bool _hasDecoded;
    private bool _mayBeBase64;
    private bool _mayBeHex;
    private long _steps;

    public EncodedTexts(Func<TextLayer> layer)
    {
        _base64 = [.. Enumerable.Range(0, 4).Select(skipped => new EncodedText(layer, 6, skipped))];
        _hex = [.. Enumerable.Range(0, 2).Select(skipped => new EncodedText(layer, 4, skipped))];
    }

    /// <summary>Offset up to which the text was taken.</summary>
    public long Next { get; private set; }

    /// <summary>Characters decoded, and the work in what came out.</summary>
    public long Steps => _steps + StepsOf(_base64) + StepsOf(_hex);

    public void Reset()
    {
        (_isInRow, Next, _steps) = (false, 0, 0);
        if (!_hasDecoded)
        {
            return;
        }

        _hasDecoded = false;
        foreach (var text in _base64)
        {
            text.Reset();
        }

        foreach (var text in _hex)
        {
            text.Reset();
        }
    }

    /// <summary>Whether a row goes on that is being decoded.</summary>
    public bool IsInRow => _isInRow;

    /// <summary>Passes over text in which no row is long enough to be decoded.</summary>
    /// <param name="row">Where the last one begins, which may go on; or the end of the text.</param>
    public void Pass(long row) => Next = row;

    /// <summary>Whether something may stand encoded in a whole short text that is one row.</summary>
    public static bool MayHold(ReadOnlySpan<byte> row) => MayBe(row) != (false, false);

    /// <summary>Takes what is known of the text.</summary>
    /// <returns>Where an undecided match could begin.</returns>
    public long Take(in ScanWindow window, List<Candidate> found)
    {
        var released = window.Origin + window.Context;
        var at = (int)(Next - window.Origin);
        var open = window.End;
        while (at < window.Bytes.Length || _isInRow)
        {
            if (!_isInRow)
            {
                at = EncodedRuns.Find(window.Bytes, at);
                if (at == window.Bytes.Length)
                {
                    break;
                }
            }

            var length = EncodedRuns.Length(window.Bytes[at..]);
            var isEnd = at + length < window.Bytes.Length || window.IsEnd;
            if (!_isInRow && !isEnd && length <= EncodedDigits.LongestJudged)
            {
                open = window.Origin + at;
                break;
            }

            var row = window.Bytes.Slice(at, length);
            if (!_isInRow)
            {
                Start(window.Origin + at, row);
            }

            _isInRow = !isEnd;
            open = Math.Min(open, Take(row, window.Origin + at, isEnd, released, found));
            at += length;
            if (!isEnd)
            {
                break;
            }
        }

        Next = window.Origin + at;
        return open;
    }

    private static long StepsOf(EncodedText[] texts)
    {
        var steps = 0L;
        foreach (var text in texts)
        {
            steps += text.Steps;
        }

        return steps;
    }

    // Whether a row may be base64 and hexadecimal digits of a text; a long one, of which only the beginning may be known, always.
    private static (bool IsBase64, bool IsHex) MayBe(ReadOnlySpan<byte> row) => row.Length < EncodedRuns.Shortest ? (false, false)
        : row.Length > EncodedDigits.LongestJudged ? (true, true)
        : EncodedDigits.MayBeText(row);

    private void Start(long at, ReadOnlySpan<byte> row)
    {
        (_mayBeBase64, _mayBeHex) = MayBe(row);
        _hasDecoded |= _mayBeBase64 || _mayBeHex;
        _steps += Math.Min(row.Length, EncodedDigits.LongestJudged);
        foreach (var text in _mayBeBase64 ? _base64 : [])
        {
            text.Start(at);
        }

        foreach (var text in _mayBeHex ? _hex : [])
        {
            text.Start(at);
        }
    }

    private long Take(ReadOnlySpan<byte> row, long at, bool isEnd, long released, List<Candidate> found)
    {
        var open = long.MaxValue;
        foreach (var text in _mayBeBase64 ? _base64 : [])
        {
            _steps += row.Length;
            open = Math.Min(open, text.Take(row, at, isEnd, released, found));
        }

        foreach (var text in _mayBeHex ? _hex : [])
        {
            _steps += row.Length;
            open = Math.Min(open, text.Take(row, at, isEnd, released, found));
        }

        return open;
    }
}
