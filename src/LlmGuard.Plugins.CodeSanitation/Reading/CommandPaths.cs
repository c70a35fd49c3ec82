using System.Text;

namespace LlmGuard.Plugins.CodeSanitation.Reading;

/// <summary>Files and folders that a command line names and that few commands have to do with.</summary>
internal static class CommandPaths
{
    // What nobody deletes with all that is in it but to destroy.
    private static readonly byte[][] Roots =
    [
        .. "/ ~ $HOME /etc /usr /var /home /boot /bin /lib /root /dev".Split(' ').Select(Encoding.ASCII.GetBytes),
    ];

    /// <summary>Whether deleting a folder with all that is in it takes the machine or the account along.</summary>
    public static bool IsRoot(ReadOnlySpan<byte> word)
    {
        word = word.TrimEnd("*."u8);
        word = word.Length > 1 ? word.TrimEnd("/\\"u8) : word;
        if (word.IsEmpty || Ascii.EqualsIgnoreCase(word, "c:"u8) || Ascii.EqualsIgnoreCase(word, "c:\\windows"u8)
            || Ascii.EqualsIgnoreCase(word, "c:\\windows\\system32"u8))
        {
            return true;
        }

        foreach (var root in Roots)
        {
            if (word.SequenceEqual(root))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether a word is a device that holds data, as against those that only give or swallow bytes.</summary>
    public static bool IsDisk(ReadOnlySpan<byte> word) =>
        word.StartsWith("/dev/"u8)
        && !word.SequenceEqual("/dev/null"u8)
        && !word.StartsWith("/dev/zero"u8)
        && !word.StartsWith("/dev/urandom"u8)
        && !word.StartsWith("/dev/random"u8);

    /// <summary>Whether a word is a connection in the way that bash opens one.</summary>
    public static bool IsSocket(ReadOnlySpan<byte> word) => Holds(word, "/dev/tcp/"u8) || Holds(word, "/dev/udp/"u8);

    /// <summary>Whether a word names a file of keys or of hashed passwords.</summary>
    public static bool IsKey(ReadOnlySpan<byte> word) =>
        Holds(word, "/etc/shadow"u8)
        || Holds(word, ".ssh/id_"u8)
        || Holds(word, ".aws/credentials"u8)
        || Holds(word, "/etc/gshadow"u8)
        || Holds(word, ".kube/config"u8);

    /// <summary>Whether a word names the list of the machine's accounts.</summary>
    public static bool IsAccounts(ReadOnlySpan<byte> word) => Holds(word, "/etc/passwd"u8);

    /// <summary>Whether what stands in the file that a word names runs, or lets somebody in, from then on.</summary>
    public static bool IsPersistent(ReadOnlySpan<byte> word) =>
        Holds(word, "authorized_keys"u8) || word.StartsWith("/etc/cron"u8) || word.StartsWith("/etc/ld.so.preload"u8);

    /// <summary>Whether a word names what a shell runs at every start.</summary>
    public static bool IsProfile(ReadOnlySpan<byte> word) => Holds(word, ".bashrc"u8);

    private static bool Holds(ReadOnlySpan<byte> word, ReadOnlySpan<byte> part) => word.IndexOf(part) >= 0;
}
