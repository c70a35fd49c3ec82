using System.Text;

namespace LlmGuard.Scanning.Entities;

/// <summary>A credential that is recognised by how it starts.</summary>
internal sealed class KeyFormat
{
    private const int MaxBody = 2048;
    private const int Telling = 64;

    private readonly byte[] _prefix;
    private readonly Func<int, bool> _isBody;
    private readonly int _min;
    private readonly int _max;
    private readonly bool _isMixed;

    private KeyFormat(string prefix, Func<int, bool> isBody, int min, int max, bool isMixed)
    {
        _prefix = Encoding.ASCII.GetBytes(prefix);
        _isBody = isBody;
        _min = min;
        _max = max;
        _isMixed = isMixed;
    }

    public byte FirstByte => _prefix[0];

    /// <summary>How the credential begins.</summary>
    public Opening Opening => new([.. Enumerable.Range(0, Opening.Length).Select(i => i < _prefix.Length ? Opening.Exactly(_prefix[i]) : _isBody)]);

    /// <summary>A body of letters and digits.</summary>
    public static KeyFormat Alphanumeric(string prefix, int min, int max = MaxBody) => new(prefix, AsciiByte.IsAlphanumeric, min, max, isMixed: false);

    /// <summary>A body of upper-case letters and digits, exactly as long as said.</summary>
    public static KeyFormat Upper(string prefix, int length) => new(prefix, static b => AsciiByte.IsUpper(b) || AsciiByte.IsDigit(b), length, length, isMixed: false);

    /// <summary>A body of hexadecimal digits, exactly as long as said.</summary>
    public static KeyFormat Hex(string prefix, int length) => new(prefix, AsciiByte.IsHex, length, length, isMixed: false);

    /// <summary>A body of letters, digits, hyphens and underscores.</summary>
    public static KeyFormat Token(string prefix, int min) => new(prefix, static b => AsciiByte.IsAlphanumeric(b) || b is '-' or '_', min, MaxBody, isMixed: false);

    /// <summary>As <see cref="Token"/>, with points, equals signs, slashes and plus signs, and at least one letter and one digit.</summary>
    public static KeyFormat Dotted(string prefix, int min) =>
        new(prefix, static b => AsciiByte.IsAlphanumeric(b) || b is '-' or '_' or '.' or '=' or '/' or '+', min, MaxBody, isMixed: true);

    /// <summary>As <see cref="Token"/>, after a prefix that is common in prose, so that at least one letter and one digit are asked for.</summary>
    public static KeyFormat Mixed(string prefix, int min) => new(prefix, static b => AsciiByte.IsAlphanumeric(b) || b is '-' or '_', min, MaxBody, isMixed: true);

    /// <summary>The offset after the credential at an offset, or 0 when there is none.</summary>
    public int EndAt(ref ScanText text, int at)
    {
        // The first byte is what led here.
        for (var i = 1; i < _prefix.Length; i++)
        {
            if (text[at + i] != _prefix[i])
            {
                return 0;
            }
        }

        var body = at + _prefix.Length;
        var end = body;
        var (hasLetter, hasDigit) = (false, false);
        while (end - body < _max && _isBody(text[end]))
        {
            // Whether it is a word or a key shows early; reading on for nothing would cost every start within a long row of letters.
            if (_isMixed && end - body == Telling && !(hasLetter && hasDigit))
            {
                return 0;
            }

            hasDigit |= AsciiByte.IsDigit(text[end]);
            hasLetter |= AsciiByte.IsLetter(text[end]);
            end++;
        }

        if (end - body < _min || (_isMixed && !(hasLetter && hasDigit)) || (_min == _max && AsciiByte.IsAlphanumeric(text[end])))
        {
            return 0;
        }

        // A full stop after a token with points ends the sentence.
        while (text[end - 1] == '.')
        {
            end--;
        }

        return end;
    }
}
