using System.Buffers;
using System.Text;
using LlmGuard.Plugins.CodeSanitation.Rules;

namespace LlmGuard.Plugins.CodeSanitation.Reading;

/// <summary>What words of command lines do.</summary>
[Flags]
internal enum CommandRole
{
    None = 0,
    Fetcher = 1 << 0,
    Interpreter = 1 << 1,
    Evaluator = 1 << 2,
    Decoder = 1 << 3,
    Remover = 1 << 4,
    Connector = 1 << 5,
    Formatter = 1 << 6,
    Reader = 1 << 7,
    Prefix = 1 << 8,
    PowerShell = 1 << 9,
    Copier = 1 << 10,
    Permissions = 1 << 11,

    /// <summary>Runs a program of another language that an address leads to.</summary>
    Host = 1 << 12,

    /// <summary>Keeps copies of what a machine holds.</summary>
    Backup = 1 << 13,

    /// <summary>Adds to a list that a system keeps.</summary>
    Registrar = 1 << 14,

    /// <summary>Runs programs at times or on occasions.</summary>
    Scheduler = 1 << 15,
}

/// <summary>The roles of commands by name.</summary>
internal static class CommandWords
{
    /// <summary>What stands between the words of a line.</summary>
    public static readonly SearchValues<byte> Separators =
        SearchValues.Create([.. Enumerable.Range(0, 33).Select(b => (byte)b), .. "\"'`()|;&<>[],{}"u8]);

    private static readonly SearchValues<byte> SpecialSigns = SearchValues.Create("/._:\\"u8);

    // More would be the name of no command.
    private const int Longest = 24;

    private static readonly Dictionary<string, CommandRole> Roles = new(StringComparer.OrdinalIgnoreCase);
    private static readonly NameTable<CommandRole> Known;

    static CommandWords()
    {
        Add(CommandRole.Fetcher, "curl", "wget", "fetch", "lwp-download", "iwr", "irm", "Invoke-WebRequest", "Invoke-RestMethod",
            "Start-BitsTransfer", "certutil", "bitsadmin", "aria2c");
        Add(CommandRole.Interpreter, "sh", "bash", "zsh", "dash", "ksh", "ash", "fish", "python", "python2", "python3", "perl", "ruby", "node", "php",
            "pwsh", "powershell", "iex", "Invoke-Expression", "busybox", "tclsh", "lua", "powershell.exe", "cmd", "cmd.exe", "osascript");
        Add(CommandRole.Evaluator, "sh", "bash", "zsh", "dash", "ksh", "eval", "source", "iex", "Invoke-Expression");
        Add(CommandRole.Decoder, "base64", "xxd", "openssl", "base32", "uudecode", "gunzip", "rev");
        Add(CommandRole.Remover, "rm", "Remove-Item", "ri", "del", "erase", "rd", "rmdir", "shred");
        Add(CommandRole.Connector, "nc", "ncat", "netcat", "nc.traditional", "nc.openbsd", "socat", "telnet");
        Add(CommandRole.Formatter, "mkfs", "mke2fs", "wipefs", "format", "dd", "diskpart", "mkswap", "Format-Volume", "Clear-Disk");
        Add(CommandRole.Reader, "cat", "less", "more", "head", "tail", "tac", "strings", "xxd", "od", "nl", "type", "Get-Content", "grep", "awk",
            "base64", "cp", "scp", "tar", "zip", "vi", "nano", "sort");
        Add(CommandRole.Prefix, "sudo", "env", "nohup", "time", "then", "do", "else", "xargs", "command", "exec", "doas", "timeout", "setsid",
            "watch", "chroot", "stdbuf", "nice", "su", "$");
        Add(CommandRole.PowerShell, "powershell", "pwsh", "powershell.exe");
        Add(CommandRole.Copier, "scp", "rsync", "nc", "ncat", "curl", "wget", "ftp", "sftp", "mail");
        Add(CommandRole.Permissions, "chmod", "chown", "icacls");
        Add(CommandRole.Host, "mshta", "mshta.exe", "regsvr32", "regsvr32.exe", "rundll32", "rundll32.exe", "wscript", "wscript.exe", "cscript",
            "cscript.exe");
        Add(CommandRole.Backup, "vssadmin", "vssadmin.exe", "wbadmin", "shadowcopy");
        Add(CommandRole.Registrar, "add", "New-ItemProperty", "Set-ItemProperty", "RegWrite");
        Add(CommandRole.Scheduler, "schtasks", "schtasks.exe");
        Known = new NameTable<CommandRole>(Roles);
    }

    /// <summary>What a word does as a command; a path counts by its last part.</summary>
    public static CommandRole Of(ReadOnlySpan<byte> word)
    {
        var slash = word.LastIndexOfAny((byte)'/', (byte)'\\');
        word = word[(slash + 1)..];
        return Known.TryFind(word, out var role) ? role
            : word.StartsWith("mkfs."u8) && word.Length <= Longest && Ascii.IsValid(word) ? CommandRole.Formatter : CommandRole.None;
    }

    /// <summary>Whether a word may name a file that few have to do with, or make a pipe: such words have one of some signs, or begin so.</summary>
    public static bool MayBeSpecial(ReadOnlySpan<byte> word) => word.IndexOfAny(SpecialSigns) >= 0 || word.StartsWith("mk"u8);

    private static void Add(CommandRole role, params string[] names)
    {
        foreach (var name in names)
        {
            Roles[name] = Roles.GetValueOrDefault(name) | role;
        }
    }
}
