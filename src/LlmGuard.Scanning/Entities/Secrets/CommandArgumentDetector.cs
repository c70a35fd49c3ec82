using System.Text;
using LlmGuard.Scanning.Entities.Openings;

namespace LlmGuard.Scanning.Entities.Secrets;

/// <summary>
/// The password that a command takes by its place (<c>net user bo ... /add</c>, <c>htpasswd -b file bo ...</c>), or that is piped into one
/// (<c>echo "..." | sudo -S</c>).
/// </summary>
internal sealed class CommandArgumentDetector : Detector
{
    private const int MostSpaces = 4;
    private const int LongestArgument = 96;
    private const int LongestCommand = 48;

    // The command, and how many of its arguments that are no options stand before the password.
    private static readonly (byte[] Name, int Before)[] Commands =
    [
        .. new[]
        {
            ("net user ", 1), ("net use ", 1), ("htpasswd ", 2), ("rasdial ", 2), ("wpa_passphrase ", 1), ("rabbitmqctl add_user ", 1),
                ("rabbitmqctl change_password ", 1), ("echo ", 0), ("printf ", 0),
        }.Select(static command => (Encoding.ASCII.GetBytes(command.Item1), command.Item2)),
    ];

    private static readonly byte[][] Readers =
        [.. new[] { "chpasswd", "sudo -s", "sudo -ks", "passwd", "docker login", "podman login", "helm registry login", "kinit", "cryptsetup",
            "su " }.Select(Encoding.ASCII.GetBytes)];

    public override int MaxLength => (4 * LongestArgument) + LongestCommand + 24;

    public override bool SkipsInside => true;

    public override bool IsTrigger(byte value) => value is (byte)'n' or (byte)'h' or (byte)'r' or (byte)'w' or (byte)'e' or (byte)'p';

    public override IEnumerable<Opening> Openings =>
        Commands.Select(static command => new Opening([.. command.Name.Take(Opening.Length).Select(static b => Opening.Exactly(b))]));

    public override bool TryMatch(ref ScanText text, int at, int from, out int start, out int end)
    {
        foreach (var (name, before) in Commands)
        {
            if (text.Follows(at, name))
            {
                return before == 0
                    ? IsPiped(ref text, at + name.Length, out start, out end)
                    : IsPlaced(ref text, at + name.Length, before, out start, out end);
            }
        }

        return None(out start, out end);
    }

    private static bool IsPlaced(ref ScanText text, int at, int before, out int start, out int end)
    {
        (start, end) = (at, at);
        var isWindows = text.Follows(at - 4, "use "u8) || text.Follows(at - 5, "user "u8);
        for (var count = 0; count <= before; count++)
        {
            var isOption = true;
            while (isOption && end - at < 2 * LongestArgument)
            {
                start = text.AfterBlanks(end, MostSpaces);
                end = EndOfWord(ref text, start);
                isOption = text[start] == '-' || (isWindows && (text[start] == '/' || (end == start + 2 && text[start + 1] == ':')));
                if (end == start)
                {
                    return false;
                }
            }
        }

        return IsPassword(ref text, ref start, ref end, 0);
    }

    private static bool IsPiped(ref ScanText text, int at, out int start, out int end)
    {
        start = text.Follows(at, "-n "u8) || text.Follows(at, "-e "u8) ? at + 3 : at;
        end = EndOfWord(ref text, start);
        var pipe = text.AfterBlanks(end, MostSpaces);
        if (end == start || text[pipe] != '|')
        {
            return false;
        }

        for (var offset = pipe + 1; offset - pipe < LongestCommand && text[offset] is not (-1 or '\n' or '|' or ';'); offset++)
        {
            foreach (var reader in Readers)
            {
                if (text.Follows(offset, reader) && !AsciiByte.IsLetter(text[offset - 1]))
                {
                    return IsPassword(ref text, ref start, ref end, reader[0]);
                }
            }
        }

        return false;
    }

    // Before a colon stands the user.
    private static bool IsPassword(ref ScanText text, ref int start, ref int end, int reader)
    {
        if (text[start] is '"' or '\'')
        {
            (start, end) = (start + 1, end - 1);
        }

        var colon = reader == 'c' ? text.Bytes[start..end].IndexOf((byte)':') : -1;
        start += colon + 1;
        if (end - start < 5 || text[start] is '/' or '*' or '-' || SecretValues.IsPlaceholder(ref text, start, end))
        {
            return false;
        }

        var value = text.Bytes[start..end];
        text.Confidence = SecretDoubts.ToConfidence(SecretDoubts.OfPassword(value, ValueShape.Of(value)), Confidence.Medium);
        return ChosenPassword.Is(value, isExpected: true) || ChosenPassword.Fits(value);
    }

    private static int EndOfWord(ref ScanText text, int at)
    {
        var quote = text[at] is '"' or '\'' ? text[at] : 0;
        var offset = quote > 0 ? at + 1 : at;
        while (offset - at < LongestArgument && (quote > 0 ? text[offset] != quote && text[offset] is not (-1 or '\n') : text[offset] > ' '))
        {
            offset++;
        }

        return quote > 0 && text[offset] == quote ? offset + 1 : offset;
    }
}
