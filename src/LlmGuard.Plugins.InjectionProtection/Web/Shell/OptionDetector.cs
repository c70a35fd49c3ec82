using System.Buffers;
using LlmGuard.Plugins.InjectionProtection.Rules;
using LlmGuard.Scanning;
using LlmGuard.Scanning.Lexing;
using LlmGuard.Scanning.Lexing.Shell;

namespace LlmGuard.Plugins.InjectionProtection.Web.Shell;

/// <summary>
/// Looks for an option where a value is asked for: the name of a branch, a host or a file that a program reads as <c>--upload-pack=...</c>. Whoever
/// is asked for a value may begin it with a dash by chance; options that name a program to run, that set what a program does so, or that are given a
/// command or a file of the machine, are none of chance.
/// </summary>
internal static class OptionDetector
{
    private const int LongestName = 40;
    private const int LongestValue = 256;

    // Options of git, tar, rsync, ssh, find, zip, sudo and others whose value is a program, or what is read or written instead of the caller's.
    private static readonly WordTable<bool> Runners = new((
        "upload-pack receive-pack exec exec-path exec-batch use-compress-program to-command checkpoint-action rsh rsync-path ssh-command "
        + "open-files-in-pager extcmd ext-diff proxy-command unzip-command use-askpass post-file body-file", true));

    // Settings of ssh and git that are a program or lead to one, given by -o and -c.
    private static readonly WordTable<bool> Settings = new((
        "proxycommand localcommand permitlocalcommand knownhostscommand proxyusefdpass "
        + "core.sshcommand core.gitproxy core.fsmonitor core.pager core.editor core.hookspath core.askpass credential.helper diff.external "
        + "protocol.ext.allow uploadpack.packobjectshook init.templatedir sequence.editor", true));

    private static readonly SearchValues<byte> NameBytes = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-."u8);

    // Where programs, keys and what starts by itself are kept.
    private static readonly LiteralSet<bool> Folders = new(
        (["/etc/", "/root/", "/.ssh/", "/bin/", "/cron", "/proc/", "/var/www/", "/var/spool/", "authorized_keys", "/boot/", "/dev/tcp/"], true));

    public static void Find(ReadOnlySpan<byte> text, HitList hits)
    {
        hits.Steps += LongestName + LongestValue;
        FindHost(text, hits);
        var start = text is [(byte)'\'' or (byte)'"' or (byte)' ', (byte)'-', ..] ? 1 : 0;
        if (text.Length < start + 4 || text[start] != '-')
        {
            return;
        }

        var option = text[start..Math.Min(text.Length, start + LongestValue)];
        var length = option[1] == '-' ? Long(option) : Short(option);
        if (length > 0)
        {
            hits.Add(InjectionRules.CommandOption, start, start + length);
        }
    }

    // "--exec=id", "--log-file=/etc/cron.d/x": the length up to the value, or 0.
    private static int Long(ReadOnlySpan<byte> option)
    {
        var end = option.IndexOfAnyExcept(NameBytes);
        if (end is < 4 or > LongestName || option[end] is not ((byte)'=' or (byte)' ') || end + 1 >= option.Length)
        {
            return 0;
        }

        var name = option[2..end];
        var value = option[(end + 1)..].TrimStart("'\""u8);
        return Runners.Contains(name) || (name.SequenceEqual("config"u8) && IsSetting(value)) || (option[end] == '=' && IsDangerous(value))
            ? end + 1 : 0;
    }

    // "-oProxyCommand=id", "-c core.pager=id".
    private static int Short(ReadOnlySpan<byte> option)
    {
        var value = option[2..].TrimStart("= '\""u8);
        return (option[1] is (byte)'o' or (byte)'c' && IsSetting(value)) || (option[2] is (byte)'/' or (byte)'~' && IsDangerous(value)) ? 2 : 0;
    }

    // "alias.x=!id": an alias that is a command of the shell.
    private static bool IsSetting(ReadOnlySpan<byte> value)
    {
        var end = value.IndexOfAnyExcept(NameBytes);
        return end > 0 && value[end] is (byte)'=' or (byte)' ' && end + 1 < value.Length
            && (Settings.Contains(value[..end]) || (value.StartsWith("alias."u8) && value[end + 1] == '!')
            || (value.StartsWith("filter."u8) && (value[..end].EndsWith(".clean"u8) || value[..end].EndsWith(".smudge"u8))));
    }

    private static bool IsDangerous(ReadOnlySpan<byte> value)
    {
        if (value is [(byte)'/' or (byte)'~', ..] && Folders.Find(value, 0, out _, out _) >= 0)
        {
            return true;
        }

        // "sh -c id": a program, and what it is given.
        return ShellWords.Read(value, 0, out var end, out var isDisguised) is var command && command != ShellCommand.None
            && (isDisguised || (command == ShellCommand.Interpreter && end < value.Length && value[end] == ' ' && end + 1 < value.Length
                && value[end + 1] == '-'));
    }

    // "ssh://-oProxyCommand=id/x": no machine's name begins with a dash.
    private static void FindHost(ReadOnlySpan<byte> text, HitList hits)
    {
        var at = text[..Math.Min(text.Length, LongestValue)].IndexOf("://-"u8);
        if (at > 0 && at + 5 < text.Length && AsciiByte.IsLetter(text[at - 1]) && AsciiByte.IsLetter(text[at + 4]) && text[at..].Contains((byte)'='))
        {
            hits.Add(InjectionRules.CommandOption, at + 3, at + 5);
        }
    }
}
