using LlmGuard.Plugins.InjectionProtection.Rules;
using LlmGuard.Scanning;
using LlmGuard.Scanning.Lexing;
using LlmGuard.Scanning.Lexing.Shell;

namespace LlmGuard.Plugins.InjectionProtection.Web.Paths;

/// <summary>
/// Tells the files of a machine that somebody else keeps there from those that the caller has: a name without folders, a log that no sender can
/// write into, a sample, a public key, and what is no file at all (<c>user?.profile</c>).
/// </summary>
internal static class FileNames
{
    private const int LongestName = 64;

    // Programs that write into their logs what strangers send them, or who they are.
    private static readonly WordTable<bool> Logs = new((
        "apache apache2 nginx httpd lighttpd cherokee tomcat iis mysql mysqld mariadb postgresql postgres auth mail maillog exim exim4 postfix "
        + "dovecot syslog messages secure xferlog vsftpd proftpd pure-ftpd proftpd-xferlog ftp ftpd sshd cron wtmp btmp utmp lastlog faillog kern "
        + "dmesg boot daemon debug user dpkg apt yum cups samba cpanel www access error access_log error_log access-log error-log audit sudo "
        + "redis mongodb elasticsearch telnetd sqllog sqlbackup dashboard fontconfig alternatives news news.all poplog sw-cp-server squid "
        + "vsftpd_log mail.log auth.log", true));

    private static readonly WordTable<bool> Caches = new(("nuget npm cache cargo rustup pyenv nvm m2 gradle dotnet", true));

    private static readonly WordTable<bool> Samples = new(("pub sample example dist template", true));

    private static readonly System.Buffers.SearchValues<byte> PathBytes =
        System.Buffers.SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-_./\\:~"u8);

    private static readonly System.Buffers.SearchValues<byte> CommandSigns = System.Buffers.SearchValues.Create(";|&`$<>(){}=\"'\n\r"u8);

    private static readonly System.Buffers.SearchValues<byte> NameBytes =
        System.Buffers.SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-_."u8);

    /// <summary>Whether the file that a literal names is none of the caller's own.</summary>
    /// <param name="text">The text, in lower case.</param>
    /// <param name="at">Where the literal begins.</param>
    /// <param name="length">Its length.</param>
    /// <param name="rule">The literal's rule.</param>
    public static bool IsForeign(ReadOnlySpan<byte> text, int at, int length, InjectionRule rule)
    {
        var literal = text.Slice(at, length);
        var isWhole = at + length == text.Length;
        if (text[at] is (byte)'.' or (>= (byte)'a' and <= (byte)'z') && text[at..] is not [_, (byte)':', ..]
            && literal.IndexOfAny((byte)'/', (byte)'\\') < 0 && (isWhole ? rule == InjectionRules.PathSystem : text[at + length] == ' ')
            && ValuePlace.IsOwnFile(text, at))
        {
            return false;
        }

        if (IsTold(text, at) || IsSummed(text, at))
        {
            return false;
        }

        if (rule == InjectionRules.PathSystem)
        {
            return !(AsciiByte.IsLetter(text[at]) && IsSample(text[at..]))
                && !(literal.SequenceEqual("/root/."u8) && IsPackage(text[(at + length)..]))
                && !(literal.SequenceEqual("/etc/"u8) && IsCertificate(text[(at + length)..]))
                && (!literal.SequenceEqual("/var/log/"u8) || IsArgument(text, at) || IsStepUp(text, at) || IsOfServer(text[(at + length)..]));
        }

        // "user?.profile", "f().profile": a member.
        var before = at > 0 ? text[at - 1] : (byte)' ';
        return !(text[at] == '.' && before is (byte)'?' or (byte)')' or (byte)']') && !IsSample(text[at..])
            && (!literal.SequenceEqual("config/database.yml"u8) || IsStepUp(text, at));
    }

    // "see error log at /var/log/httpd/error_log": three words and more lead to the path, none of them begins a command, and it does not step up.
    private static bool IsTold(ReadOnlySpan<byte> text, int at)
    {
        var before = text[Math.Max(0, at - LongestName)..at];
        before = before[..(before.LastIndexOfAnyExcept(PathBytes) + 1)];
        var start = at - LongestName > 0 ? at - LongestName + before.Length : before.Length;
        return before is [.., (byte)' '] && ValuePlace.IsInSentence(before) && text[start..at].IndexOf(".."u8) < 0
            && !text[..Math.Min(start, 4 * LongestName)].ContainsAny(CommandSigns)
            && ShellWords.Read(text, 0, out _, out _) is ShellCommand.None or ShellCommand.Word;
    }

    // "/etc/x.conf 8c0619be413824f1fc7698cee0f23811": a list of files with the sums of what is in them.
    private static bool IsSummed(ReadOnlySpan<byte> text, int at)
    {
        var rest = text.Slice(at, Math.Min(4 * LongestName, text.Length - at));
        var end = rest.IndexOf((byte)' ');
        var sum = end < 0 ? [] : rest[end..].Trim((byte)' ');
        return sum.Length is 32 or 40 or 64 && at + end + 1 + sum.Length <= text.Length && !sum.ContainsAnyExcept(HexDigits);
    }

    private static readonly System.Buffers.SearchValues<byte> HexDigits = System.Buffers.SearchValues.Create("0123456789abcdef"u8);

    // "/etc/ssl/certs/ca-certificates.crt": whom everybody trusts, and no key.
    private static bool IsCertificate(ReadOnlySpan<byte> path)
    {
        path = path[..Math.Min(path.Length, 2 * LongestName)];
        var folder = path.StartsWith("ssl/certs/"u8) ? "ssl/certs/".Length : path.StartsWith("pki/tls/certs/"u8) ? "pki/tls/certs/".Length : 0;
        var end = folder == 0 ? 0 : path[folder..].IndexOfAnyExcept(NameBytes);
        var name = folder == 0 ? [] : end < 0 ? path[folder..] : path.Slice(folder, end);
        return name.EndsWith(".crt"u8) || name.EndsWith(".pem"u8);
    }

    // A hidden folder that holds what tools have fetched, two folders and more below it: no settings are there.
    private static bool IsPackage(ReadOnlySpan<byte> path)
    {
        path = path[..Math.Min(path.Length, 4 * LongestName)];
        var end = path.IndexOf((byte)'/');
        return end > 0 && Caches.Contains(path[..end]) && path[(end + 1)..].Count((byte)'/') >= 2 && path.IndexOf(".."u8) < 0;
    }

    /// <summary>Whether a path leads into the folder of a user, and there to nothing hidden.</summary>
    /// <param name="path">The path behind its scheme, in lower case.</param>
    public static bool IsOwnFolder(ReadOnlySpan<byte> path)
    {
        path = path[..Math.Min(path.Length, 4 * LongestName)].TrimStart((byte)'/');
        path = path is [_, (byte)':', (byte)'/', ..] ? path[3..] : path;
        var folder = path.StartsWith("home/"u8) ? "home/".Length : path.StartsWith("users/"u8) ? "users/".Length : 0;
        return folder > 0 && path[folder..].IndexOf((byte)'/') is > 0 and var user && user + 1 < path.Length - folder
            && path.IndexOf("/."u8) < 0 && !path.ContainsAny((byte)'%', (byte)'\\') && path.IndexOf("id_"u8) < 0 && path.IndexOf("appdata"u8) < 0;
    }

    // "cat /var/log/x": a word before it that is no label.
    private static bool IsArgument(ReadOnlySpan<byte> text, int at) => at > 1 && text[at - 1] == ' ' && AsciiByte.IsAlphanumeric(text[at - 2]);

    private static bool IsStepUp(ReadOnlySpan<byte> text, int at) => text[Math.Max(0, at - LongestName)..at].IndexOf(".."u8) >= 0;

    private static bool IsOfServer(ReadOnlySpan<byte> rest)
    {
        rest = rest[..Math.Min(rest.Length, LongestName)];
        var end = rest.IndexOfAnyExcept(NameBytes);
        var name = end < 0 ? rest : rest[..end];
        var dot = name.IndexOf((byte)'.');
        return name.IsEmpty || Logs.Contains(name) || (dot > 0 && Logs.Contains(name[..dot]));
    }

    // "id_rsa.pub", "wp-config-sample.php", ".env.example".
    private static bool IsSample(ReadOnlySpan<byte> name)
    {
        name = name[..Math.Min(name.Length, LongestName)];
        var end = name[1..].IndexOfAnyExcept(NameBytes);
        name = end < 0 ? name : name[..(end + 1)];
        var dot = name.LastIndexOf((byte)'.');
        if (dot > 0 && Samples.Contains(name[(dot + 1)..]))
        {
            return true;
        }

        var dash = name.LastIndexOf((byte)'-');
        return dash > 0 && dash < dot && Samples.Contains(name[(dash + 1)..dot]);
    }
}
