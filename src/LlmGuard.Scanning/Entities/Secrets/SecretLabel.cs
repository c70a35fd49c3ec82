using System.Text;
using LlmGuard.Scanning.Entities.Labelled;
using LlmGuard.Scanning.Entities.Openings;

namespace LlmGuard.Scanning.Entities.Secrets;

/// <summary>A word that announces a secret.</summary>
/// <param name="words">The words in lower case; between two of them there may be a space, hyphen, underscore or point, or nothing.</param>
/// <param name="minLength">Least bytes of the value.</param>
/// <param name="isMixed">Whether the value must hold a letter and a digit, for words that are also used otherwise.</param>
internal sealed class SecretLabel(string words, int minLength, bool isMixed)
{
    private readonly byte[] _words = Encoding.UTF8.GetBytes(words);

    public byte FirstByte => _words[0];

    /// <summary>How the label begins, with something between its first two words and without.</summary>
    public IEnumerable<Opening> Openings => OpeningsBefore(static b => b is ' ' or ':' or >= 0x80);

    /// <summary>The same with what may stand behind it.</summary>
    public IEnumerable<Opening> OpeningsBefore(params Func<int, bool>[] after) =>
        _words.Contains((byte)' ') ? [OpeningOf(_words, after), OpeningOf([.. _words.Where(b => b != ' ')], after)] : [OpeningOf(_words, after)];

    public int MinLength => minLength;

    public bool IsMixed => isMixed;

    /// <summary>Whether the value follows after a space.</summary>
    public bool TakesSpace { get; init; }

    /// <summary>Whether the value may follow after a colon, because no name in ASCII does it.</summary>
    public bool TakesColon { get; init; }

    /// <summary>Words that announce a password.</summary>
    public static SecretLabel[] Passwords { get; } =
    [
        new("password", 3, isMixed: false), new("passwd", 3, isMixed: false),
            new("passphrase", 3, isMixed: false), new("passcode", 3, isMixed: false),
        new("passwort", 3, isMixed: false), new("kennwort", 3, isMixed: false),
            new("contrasena", 3, isMixed: false), new("senha", 3, isMixed: false), new("pwd", 3, isMixed: false),
        new("wachtwoord", 3, isMixed: false), new("salasana", 3, isMixed: false), new("adgangskode", 3, isMixed: false),
            new("contrasenya", 3, isMixed: false), new("parola", 3, isMixed: false), new("passord", 3, isMixed: false),
            new("kata sandi", 3, isMixed: false), new("palavra passe", 3, isMixed: false), new("mdp", 4, isMixed: false),
        new("pin", 4, isMixed: false), new("pw", 5, isMixed: false),
        new("salasana on", 3, isMixed: false) { TakesSpace = true },
        new("requirepass", 5, isMixed: false) { TakesSpace = true }, new("bindpw", 5, isMixed: false) { TakesSpace = true },
        .. Foreign("mot de passe", "contraseña", "hasło", "lösenord", "lösenordet", "şifre", "heslo", "jelszó", "mật khẩu", "пароль", "Пароль",
            "лозинка", "Лозинка", "парола", "Парола", "κωδικός", "Κωδικός",
            "סיסמה", "كلمة المرور", "كلمة السر", "كلمة", "पासवर्ड", "รหัสผ่าน", "パスワード", "暗証番号", "密码", "密碼", "비밀번호"),
    ];

    private static IEnumerable<SecretLabel> Foreign(params string[] words) =>
        words.SelectMany(DisguisedWords.With).Select(static word => new SecretLabel(word, 4, isMixed: false) { TakesColon = true });

    /// <summary>Words that announce a key.</summary>
    public static SecretLabel[] ApiKeys { get; } =
    [
        new("api key", 8, isMixed: true), new("access key", 8, isMixed: true), new("secret key", 8, isMixed: true),
            new("client secret", 8, isMixed: true),
        new("secret access key", 8, isMixed: true), new("private key", 16, isMixed: true), new("secret", 8, isMixed: true),
        .. BeforeSpace("api key", "access key", "secret key", "client secret", "secret access key"),
    ];

    /// <summary>Words that announce a token.</summary>
    public static SecretLabel[] AccessTokens { get; } =
    [
        new("access token", 8, isMixed: true), new("auth token", 8, isMixed: true), new("api token", 8, isMixed: true),
            new("refresh token", 8, isMixed: true),
        new("token", 8, isMixed: true), new("bearer", 16, isMixed: true) { TakesSpace = true },
        .. BeforeSpace("access token", "auth token", "api token", "refresh token", "token"),
    ];

    // Directly behind the words nothing is as long and mixed as a key but one.
    private static IEnumerable<SecretLabel> BeforeSpace(params string[] words) =>
        words.Select(static word => new SecretLabel(word, 20, isMixed: true) { TakesSpace = true });

    private static Opening OpeningOf(byte[] words, Func<int, bool>[] after) =>
        new([.. ((Func<int, bool>[])[.. words.Select(b => b == ' ' ? static b => b is ' ' or '-' or '_' or '.' : Opening.AnyCase(b)), .. after]).Take(
            Opening.Length)]);

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
            else if (b == letter || ((b | 0x20) == letter && AsciiByte.IsLetter(b)))
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
