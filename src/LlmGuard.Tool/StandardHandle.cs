using System.Runtime.InteropServices;

namespace LlmGuard.Tool;

/// <summary>One of the three handles that a program is started with.</summary>
/// <param name="Number">The handle's number on Unix.</param>
internal readonly partial record struct StandardHandle(int Number)
{
    // Of fcntl.h, and the same wherever .NET runs on Unix.
    private const int GetFlags = 1;
    private const int CloseOnExec = 1;

    public static StandardHandle Input => new(0);

    public static StandardHandle Output => new(1);

    public static StandardHandle Error => new(2);

    /// <summary>
    /// Whether the handle is the one that the program was started with. Where it was closed at the start (<c>&lt;&amp;-</c>), the next file that
    /// the runtime opened for itself has its number: a pipe of the runtime's own, and a reader of that waits for ever. Such a file is closed on exec,
    /// which nothing that came through an exec can be. Windows gives no closed handle's number away.
    /// </summary>
    public bool IsOfStarter => OperatingSystem.IsWindows() || (Flags(Number, GetFlags) is >= 0 and var flags && (flags & CloseOnExec) == 0);

    [LibraryImport("libc", EntryPoint = "fcntl")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Flags(int handle, int command);
}
