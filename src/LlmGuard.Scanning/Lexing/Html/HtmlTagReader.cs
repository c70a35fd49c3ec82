namespace LlmGuard.Scanning.Lexing.Html;

/// <summary>
/// Reads tags as browsers do, which forgive nearly everything: missing quotes and spaces, slashes and control characters between attributes.
/// </summary>
/// <param name="text">The text, its ASCII letters in lower case.</param>
internal ref struct HtmlTagReader(ReadOnlySpan<byte> text)
{
    private readonly ReadOnlySpan<byte> _text = text;

    /// <summary>Where the reader stands.</summary>
    public int Position { get; private set; }

    /// <summary>First byte of the name of the tag that was entered.</summary>
    public int NameStart { get; private set; }

    /// <summary>The offset after the name.</summary>
    public int NameEnd { get; private set; }

    /// <summary>Goes to the next tag's attributes.</summary>
    /// <returns>Whether there is one. Comments, declarations and instructions count, with their mark as a part of their name.</returns>
    public bool NextTag()
    {
        while (Position < _text.Length)
        {
            var found = _text[Position..].IndexOf((byte)'<');
            if (found < 0)
            {
                break;
            }

            var at = Position + found + 1;
            var isClosing = at < _text.Length && _text[at] == '/';
            at += isClosing ? 1 : 0;
            if (at < _text.Length && (AsciiByte.IsLetter(_text[at]) || _text[at] is (byte)'!' or (byte)'?' or (byte)'%'))
            {
                NameStart = at++;
                while (at < _text.Length && !IsSpace(_text[at])
                    && _text[at] is not ((byte)'>' or (byte)'/' or (byte)'<' or (byte)'"' or (byte)'\'' or (byte)'=' or (byte)'`'))
                {
                    at++;
                }

                (NameEnd, Position) = (at, at);
                return true;
            }

            Position = at;
        }

        Position = _text.Length;
        return false;
    }

    /// <summary>Starts in the middle of a tag, as a text does that was put into an attribute and has closed its quote.</summary>
    public void EnterAttributes(int at) => (Position, NameStart, NameEnd) = (at, at, at);

    /// <summary>Reads the next attribute of the tag.</summary>
    public bool NextAttribute(out HtmlAttribute attribute)
    {
        var at = Position;
        while (at < _text.Length && (IsSpace(_text[at]) || _text[at] is (byte)'/' or (byte)'"' or (byte)'\'' or (byte)'`' or (byte)'='))
        {
            at++;
        }

        attribute = default;
        if (at >= _text.Length || _text[at] is (byte)'>' or (byte)'<')
        {
            Position = at;
            return false;
        }

        var start = at;
        while (at < _text.Length && !IsSpace(_text[at]) && _text[at] is not ((byte)'=' or (byte)'>' or (byte)'/' or (byte)'<'))
        {
            at++;
        }

        var end = at;
        while (at < _text.Length && IsSpace(_text[at]))
        {
            at++;
        }

        if (at >= _text.Length || _text[at] != '=')
        {
            (Position, attribute) = (end, new HtmlAttribute(start, end, end, end));
            return true;
        }

        at++;
        while (at < _text.Length && IsSpace(_text[at]))
        {
            at++;
        }

        attribute = ReadValue(start, end, at);
        return true;
    }

    private HtmlAttribute ReadValue(int start, int end, int at)
    {
        if (at < _text.Length && _text[at] is (byte)'"' or (byte)'\'' or (byte)'`')
        {
            var close = _text[(at + 1)..].IndexOf(_text[at]);
            var valueEnd = close < 0 ? _text.Length : at + 1 + close;
            Position = Math.Min(valueEnd + 1, _text.Length);
            return new HtmlAttribute(start, end, at + 1, valueEnd);
        }

        var from = at;
        while (at < _text.Length && !IsSpace(_text[at]) && _text[at] != '>')
        {
            at++;
        }

        Position = at;
        return new HtmlAttribute(start, end, from, at);
    }

    private static bool IsSpace(byte b) => b <= ' ';
}
