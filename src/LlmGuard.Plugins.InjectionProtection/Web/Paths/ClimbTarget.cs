using System.Buffers;
using LlmGuard.Scanning;
using LlmGuard.Scanning.Lexing;

namespace LlmGuard.Plugins.InjectionProtection.Web.Paths;

/// <summary>
/// Judges what steps up the directory tree lead to. Projects name their neighbours by some steps and a name, whatever kind of file that is; nobody
/// climbs to a folder of the machine, to its settings and logs, or to nothing at all, but who wants out.
/// </summary>
internal static class ClimbTarget
{
    /// <summary>Most bytes behind the steps that are looked at.</summary>
    public const int Longest = 256;

    private const int LongestExtension = 16;

    private static readonly SearchValues<byte> PathEnds = SearchValues.Create(" \t\r\n\"'`()<>#"u8);

    // What stands at the root of a machine, and hardly in a folder of sources.
    private static readonly WordTable<bool> RootFolders = new(("etc var proc tmp usr root boot sys dev windows winnt inetpub", true));

    private static readonly WordTable<bool> MachineFiles = new(("ini log conf cnf", true));

    // Programs and what belongs to them, which name each other from folder to folder.
    private static readonly WordTable<bool> Sources =
        new(("ts tsx js jsx mjs cjs css scss less vue svelte svg png jpg jpeg gif webp md mdx h hpp c cc cpp cs csproj props targets py go rs "
            + "java kt rb swift", true));

    /// <summary>Whether it is a source of a program, to which projects climb from any depth.</summary>
    /// <param name="rest">What follows the steps, in lower case.</param>
    public static bool IsSource(ReadOnlySpan<byte> rest)
    {
        var path = Path(rest);
        return path.LastIndexOf((byte)'.') is > 0 and var dot && Sources.Contains(path[(dot + 1)..].TrimEnd(";,"u8));
    }

    /// <summary>Whether it is a file: its name has an extension.</summary>
    /// <param name="rest">What follows the steps, in lower case.</param>
    public static bool IsFile(ReadOnlySpan<byte> rest)
    {
        var path = Path(rest);
        return path[(path.LastIndexOfAny((byte)'/', (byte)'\\') + 1)..].LastIndexOf((byte)'.') > 0;
    }

    /// <summary>Whether it is a file or a folder as a project has one beside its own.</summary>
    /// <param name="rest">What follows the steps, in lower case.</param>
    public static bool IsNeighbour(ReadOnlySpan<byte> rest)
    {
        var path = Path(rest);
        var first = path.IndexOfAny((byte)'/', (byte)'\\');
        if (RootFolders.Contains(first < 0 ? path : path[..first]))
        {
            return false;
        }

        var name = path[(path.LastIndexOfAny((byte)'/', (byte)'\\') + 1)..];
        var dot = name.LastIndexOf((byte)'.');
        if (dot < 0)
        {
            return path.Length > 2 && AsciiByte.IsLetter(path[0]);
        }

        var extension = name[(dot + 1)..].TrimEnd(";,"u8);
        return extension.Length is >= 1 and <= LongestExtension && IsWord(extension) && !MachineFiles.Contains(extension);
    }

    private static ReadOnlySpan<byte> Path(ReadOnlySpan<byte> rest)
    {
        rest = rest[..Math.Min(Longest, rest.Length)];
        var end = rest.IndexOfAny(PathEnds);
        return end < 0 ? rest : rest[..end];
    }

    // "a.js", "a.markdown", "a.env.example", and no mark of a template or a pattern.
    private static bool IsWord(ReadOnlySpan<byte> extension)
    {
        foreach (var b in extension)
        {
            if (!AsciiByte.IsAlphanumeric(b) && b is not ((byte)'-' or (byte)'_'))
            {
                return false;
            }
        }

        return true;
    }
}
