namespace LlmGuard.Masking;

/// <summary>
/// Reads a text on its way out and tells whether what comes next could be part of an address that a reader's program opens by itself or by a click.
/// Errs on the side of yes: whoever writes the address must not get to see what is put into it.
/// </summary>
/// <remarks>
/// A word is part of an address once it holds two slashes, <c>www.</c> or a host's name and a slash, and when it follows <c>](</c> or <c>]:</c>.
/// Where HTML has begun, an address may hold blanks and quotes, and which quotes belong together depends on who reads; so from the first scheme,
/// pair of slashes or character reference after a tag's beginning on, everything is.
/// </remarks>
internal sealed class LinkWatch
{
    private ulong _last;
    private byte _previous;
    private bool _isWord;
    private bool _isOpening;
    private bool _hasHost;
    private bool _hasTag;
    private bool _isForGood;

    /// <summary>Whether what comes next could be part of an address.</summary>
    public bool IsInLink => _isWord || _isOpening || _isForGood;

    public void Read(ReadOnlySpan<byte> text)
    {
        foreach (var b in text)
        {
            Read(b);
        }
    }

    /// <summary>Whether what follows makes a host's name of what stands before it.</summary>
    public static bool ContinuesHost(ReadOnlySpan<byte> next) => next is [(byte)'.', var letter, ..] && IsName(letter);

    private void Read(byte b)
    {
        if (b is (byte)' ' or (>= 9 and <= 13))
        {
            _isWord = false;
            _hasHost = false;
            _previous = b;

            // Browsers leave line ends and tabs out of an address.
            _last = b == ' ' ? (_last << 8) | b : _last;
            return;
        }

        _isWord |= _isOpening;
        _hasTag |= _previous == '<' && (char.IsAsciiLetter((char)b) || b is (byte)'/' or (byte)'\\' or (byte)'!' or (byte)'?' or (byte)'&');
        _isOpening = _previous == ']' && (b is (byte)'(' or (byte)':');

        _hasHost |= _previous == '.' && char.IsAsciiLetter((char)b);
        _last = (_last << 8) | (byte)(b | (char.IsAsciiLetterUpper((char)b) ? 0x20 : 0));
        var isAddress = IsSlash((byte)_last) && IsSlash((byte)(_last >> 8));
        isAddress |= (uint)_last == 0x7777772E; // www.
        _isWord |= isAddress || (_hasHost && (b is (byte)'/' or (byte)'?' or (byte)'#'));
        _isForGood |= _hasTag && (isAddress || EndsScheme() || (_previous == '&' && (b == '#' || char.IsAsciiLetter((char)b))));
        _previous = b;
    }

    private bool EndsScheme() =>
        (_last & 0xFFFFFFFFFF) == 0x687474703A // http:
        || (_last & 0xFFFFFFFFFFFF) == 0x68747470733A // https:
        || (uint)_last == 0x6674703A // ftp:
        || (_last & 0xFFFFFF) == 0x77733A // ws:
        || (uint)_last == 0x7773733A; // wss:

    private static bool IsSlash(byte b) => b is (byte)'/' or (byte)'\\';

    private static bool IsName(byte b) => char.IsAsciiLetterOrDigit((char)b) || b >= 0x80;
}
