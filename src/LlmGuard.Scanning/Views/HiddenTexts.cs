namespace LlmGuard.Scanning.Views;

/// <summary>
/// Finds what stands in a text in characters that nobody sees and a model may read: tags, and variation selectors that each hide a byte.
/// </summary>
internal sealed class HiddenTexts(Func<TextLayer> layer)
{
    private readonly ViewText _text = new(int.MaxValue);
    private readonly List<Candidate> _found = [];
    private TextLayer? _layer;
    private bool _isInText;
    private long _next;

    /// <summary>Characters looked at, and the work in the texts that were found.</summary>
    public long Steps { get; private set; }

    public void Reset() => (_isInText, _next, Steps) = (false, 0, 0);

    /// <summary>Takes what is known of the text.</summary>
    /// <returns>Where an undecided match could begin.</returns>
    public long Take(in ScanWindow window, List<Candidate> found)
    {
        var at = (int)Math.Max(0, _next - window.Origin);
        while (at < window.Bytes.Length)
        {
            var skipped = HiddenCharacters.IndexIn(window.Bytes[at..]);
            if (skipped != 0)
            {
                End(window, found);
                at = skipped < 0 ? window.Bytes.Length : at + skipped;
                continue;
            }

            var value = HiddenCharacters.Read(window.Bytes[at..], out var width);
            Steps++;
            if (value >= 0)
            {
                Append((byte)value, window.Origin + at, width);
            }
            else
            {
                End(window, found);
            }

            at += width;
        }

        _next = window.End;
        if (window.IsEnd)
        {
            End(window, found);
        }

        // There are few of them in a row, so that it can be waited for what follows.
        return _isInText ? _text.OriginalStart(0) : window.End;
    }

    private void Append(byte value, long at, int width)
    {
        if (!_isInText)
        {
            _isInText = true;
            _text.Reset(0, 0);
        }

        _text.AppendUnit([value], at, at + width);
    }

    private void End(in ScanWindow window, List<Candidate> found)
    {
        if (!_isInText)
        {
            return;
        }

        _isInText = false;
        if (_text.End < EncodedText.Shortest)
        {
            return;
        }

        (_layer ??= layer()).Reset();
        _found.Clear();
        _layer.Find(new ScanWindow(_text.Bytes, 0, 0, isEnd: true), _found);
        Steps += _layer.Steps;
        _text.AddOriginals(_found, found);
    }
}
