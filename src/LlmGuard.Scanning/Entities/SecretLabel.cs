using System.Text;

namespace LlmGuard.Scanning.Entities;

/// <summary>A word that announces a secret.</summary>
/// <param name="words">The words in lower case; between two of them there may be a space, hyphen, underscore or point, or nothing.</param>
/// <param name="minLength">Least bytes of the value.</param>
/// <param name="isMixed">Whether the value must hold a letter and a digit, for words that are also used otherwise.</param>
internal sealed class SecretLabel(string words, int minLength, bool isMixed)
{
    private readonly byte[] _words = Encoding.ASCII.GetBytes(words);

    public byte FirstByte => _words[0];

    /// <summary>How the label begins, with something between its first two words and without.</summary>
    public IEnumerable<Opening> Openings => _words.Contains((byte)' ') ? [OpeningOf(_words), OpeningOf([.. _words.Where(b => b != ' ')])] : [OpeningOf(_words)];

    public int MinLength => minLength;

    public bool IsMixed => isMixed;

    /// <summary>Whether "is" may stand between label and value.</summary>
    public bool TakesIs { get; init; }

    /// <summary>Whether the value follows after a space.</summary>
    public bool TakesSpace { get; init; }

    /// <summary>What is asked about when nothing but the word announces a secret.</summary>
    public static SecretLabel[] Passwords { get; } =
    [
        new("password", 3, isMixed: false) { TakesIs = true }, new("passwd", 3, isMixed: false), new("passphrase", 3, isMixed: false) { TakesIs = true },
        new("passcode", 3, isMixed: false) { TakesIs = true }, new("passwort", 3, isMixed: false), new("pass word", 3, isMixed: false), new("pass", 4, isMixed: false),
        new("pwd", 3, isMixed: false) { TakesIs = true }, new("pw", 4, isMixed: false), new("kennwort", 3, isMixed: false),
        new("contrasena", 3, isMixed: false), new("senha", 3, isMixed: false), new("mot de passe", 3, isMixed: false),
    ];

    /// <summary>Keys.</summary>
    public static SecretLabel[] ApiKeys { get; } =
    [
        new("api key", 8, isMixed: false) { TakesIs = true }, new("access key id", 8, isMixed: true), new("access key", 8, isMixed: false), new("secret access key", 8, isMixed: false),
        new("secret key", 8, isMixed: false), new("client secret", 8, isMixed: false), new("app secret", 8, isMixed: false),
        new("api secret", 8, isMixed: false), new("consumer secret", 8, isMixed: false), new("consumer key", 8, isMixed: false),
        new("account key", 8, isMixed: false), new("shared access key", 8, isMixed: false), new("private key", 16, isMixed: true),
        new("signing key", 8, isMixed: true), new("signing secret", 8, isMixed: false), new("encryption key", 8, isMixed: true),
        new("auth key", 8, isMixed: true), new("subscription key", 8, isMixed: true), new("license key", 8, isMixed: true), new("secret", 8, isMixed: true),
    ];

    /// <summary>Tokens.</summary>
    public static SecretLabel[] AccessTokens { get; } =
    [
        new("access token", 8, isMixed: false) { TakesIs = true }, new("auth token", 8, isMixed: false), new("authorization token", 8, isMixed: false),
        new("bearer token", 8, isMixed: false), new("refresh token", 8, isMixed: false), new("session token", 8, isMixed: false),
        new("id token", 16, isMixed: false), new("api token", 8, isMixed: false), new("token", 8, isMixed: true),
        new("bearer", 16, isMixed: true) { TakesSpace = true },
    ];

    private static Opening OpeningOf(byte[] words) =>
        new([.. words.Take(Opening.Length).Select(b => b == ' ' ? static b => b is ' ' or '-' or '_' or '.' : Opening.AnyCase(b))]);

    /// <summary>The offset after the label at an offset, or 0 when it does not stand there or is part of a longer word.</summary>
    public int EndAt(ref ScanText text, int at)
    {
        var offset = at;
        foreach (var letter in _words)
        {
            var b = text[offset];
            if (letter == ' ')
            {
                offset += b is ' ' or '-' or '_' or '.' ? 1 : 0;
            }
            else if ((b | 0x20) == letter && AsciiByte.IsLetter(b))
            {
                offset++;
            }
            else
            {
                return 0;
            }
        }

        return AsciiByte.IsLetter(text[offset]) ? 0 : offset;
    }
}
