namespace LlmGuard.Scanning.Lexing.Shell;

/// <summary>What stands where a shell expects the name of a command.</summary>
internal enum ShellCommand : byte
{
    None,

    /// <summary>A name that is hardly anything else: <c>ifconfig</c>.</summary>
    Program,

    /// <summary>A name that is an English word as well, and counts only with arguments of a command: <c>find</c>, <c>date</c>.</summary>
    Word,

    /// <summary>A shell or an interpreter.</summary>
    Interpreter,
}

/// <summary>Reads words as shells do: quotes, backslashes, carets and empty variables within a word do not count.</summary>
internal static class ShellWords
{
    /// <summary>Bytes of the longest name that is compared.</summary>
    public const int Longest = 32;

    private static readonly WordTable<ShellCommand> Commands = new(
        ("""
         ls pwd whoami uname ifconfig ipconfig netstat netcat wget curl ping traceroute tracert nslookup nmap chmod chown mkdir rmdir rm mv cp dir
         cat tac grep egrep fgrep awk gawk sed xargs tee wc uniq strings base64 xxd od hexdump printenv env getent passwd useradd userdel adduser
         sudo su ssh scp sftp telnet ftp tftp ps pgrep pkill killall kill lsof df du mount umount crontab systemctl iptables tcpdump dmesg uptime
         hostname hostnamectl lsb_release lspci lsusb gcc apt apt-get yum dnf apk pip pip3 npm gem git tar gzip gunzip bzip2 zip unzip 7z rsync nohup
         busybox mkfifo mknod ln ln readlink realpath basename dirname systeminfo tasklist taskkill wmic reg regsvr32 rundll32 mshta certutil
         bitsadmin schtasks icacls attrib xcopy robocopy cscript wscript netsh arp getmac vssadmin findstr nbtstat dig id touch chgrp stat sysctl
         modprobe insmod rmmod openssl gpg cmdkey net1 socat ncat rev tr nl expr seq printf sleep usleep reboot halt poweroff invoke-webrequest
         invoke-expression invoke-command invoke-restmethod iex iwr start-process get-content get-childitem get-process new-object
         set-executionpolicy add-type
         """, ShellCommand.Program),
        ("""
         find date time who more less sort echo type set start copy del move at cut head tail test host last man make install split join watch w
         nice which top expand look print wait net ver vol more call exit export alias source eval exec history kill ed vi vim nano emacs diff cmp
         fold paste file size users groups finger erase rename ren format title path goto for if cd read unset trap command builtin let jobs bg fg
         enable declare dd
         """, ShellCommand.Word),
        ("""
         sh bash zsh ksh dash csh tcsh ash fish cmd cmd.exe command.com powershell powershell.exe pwsh nc nc.exe netcat ncat.traditional python
         python2 python3 perl ruby php node lua
         """, ShellCommand.Interpreter));

    /// <summary>Reads the name of a command.</summary>
    /// <param name="text">The text, its ASCII letters in lower case.</param>
    /// <param name="at">Where it begins.</param>
    /// <param name="end">Receives the offset after it.</param>
    /// <param name="isDisguised">Receives whether quotes or the like were taken out of it.</param>
    public static ShellCommand Read(ReadOnlySpan<byte> text, int at, out int end, out bool isDisguised)
    {
        Span<byte> name = stackalloc byte[Longest];
        var count = 0;
        isDisguised = false;
        end = at;
        while (end < text.Length && end - at < 4 * Longest)
        {
            var b = text[end];
            if (AsciiByte.IsAlphanumeric(b) || b is (byte)'-' or (byte)'_' or (byte)'.')
            {
                if (count == Longest)
                {
                    return ShellCommand.None;
                }

                name[count++] = b;
                end++;
            }
            else if (b is (byte)'/' or (byte)'?' or (byte)'*' && count + 1 < Longest)
            {
                // The directory before a name: /bin/cat, and its patterns.
                count = b == '/' ? 0 : count;
                end++;
                if (b != '/')
                {
                    name[count++] = b;
                }
            }
            else if (count > 0 && Noise(text, end) is > 0 and var skipped && end + skipped < text.Length && AsciiByte.IsLetter(text[end + skipped]))
            {
                isDisguised = true;
                end += skipped;
            }
            else if (count > 0 && b is (byte)'\'' or (byte)'"' && end + 1 < text.Length && text[end + 1] == b)
            {
                isDisguised = true;
                end += 2;
            }
            else
            {
                break;
            }
        }

        while (count > 0 && name[count - 1] == '.')
        {
            count--;
        }

        var word = name[..count];
        if (word.EndsWith(".exe"u8))
        {
            word = word[..^4];
        }

        return Commands.TryFind(word, out var command) ? command
            : word.ContainsAny((byte)'?', (byte)'*') && text.Slice(at, end - at).Contains((byte)'/') && count >= 2 && Glob(word)
                ? ShellCommand.Program
            : Versioned(word);
    }

    /// <summary>How many bytes a shell takes out of a word: a quote, a backslash, <c>$@</c>, <c>$u</c>, <c>$(x)</c> or a caret.</summary>
    private static int Noise(ReadOnlySpan<byte> text, int at)
    {
        var next = at + 1 < text.Length ? text[at + 1] : 0;
        return text[at] switch
        {
            (byte)'\'' or (byte)'"' => next == text[at] ? 2 : IsPaired(text, at) ? 1 : 0,
            (byte)'\\' or (byte)'^' => next == text[at] ? 2 : 1,
            (byte)'$' when next is '@' or '*' or '!' or '#' or '$' or '_' or '-' or '?' or (>= '0' and <= '9') => 2,
            (byte)'<' or (byte)'>' when next == '(' && at + 2 < text.Length && text[at + 2] == ')' => 3,
            (byte)'$' when next == '(' && at + 2 < text.Length && text[at + 2] == ')' => 3,
            (byte)'`' when next == '`' => 2,
            (byte)'`' when at + 2 < text.Length && text[at + 2] == '`' && AsciiByte.IsLetter((byte)next) => 3,
            _ => 0,
        };
    }

    // An apostrophe is none: quotes within a word come in pairs, and no space stands between them.
    private static bool IsPaired(ReadOnlySpan<byte> text, int at)
    {
        var after = text[(at + 1)..Math.Min(text.Length, at + Longest)];
        var before = text[Math.Max(0, at - Longest)..at];
        return after.IndexOfAny(text[at], (byte)' ') is >= 0 and var next && after[next] == text[at]
            || before.LastIndexOfAny(text[at], (byte)' ') is >= 0 and var previous && before[previous] == text[at];
    }

    private static bool Glob(ReadOnlySpan<byte> word) => word.IndexOfAnyExcept("?*"u8) >= 0 || word.Length <= 4;

    private static ShellCommand Versioned(ReadOnlySpan<byte> word)
    {
        var name = word.TrimEnd("0123456789.-"u8);
        return name.Length < word.Length && name.Length >= 2 && Commands.TryFind(name, out var command) && command == ShellCommand.Interpreter
            ? command
            : ShellCommand.None;
    }
}
