namespace LlmGuard.Tests.Repository;

/// <summary>Files of the checkout that is tested, and of what lies beside it.</summary>
internal static class Checkout
{
    /// <summary>The folder of the solution.</summary>
    public static string Root { get; } = Path.GetDirectoryName(
        FindAbove("LlmGuard.sln") ?? throw new DirectoryNotFoundException("There is no LlmGuard.sln above the tests."))!;

    /// <summary>A file or folder of the checkout.</summary>
    public static string PathOf(params string[] path) => Path.Combine([Root, .. path]);

    /// <summary>A file or folder in the nearest folder above the tests that has it; null where none has.</summary>
    public static string? FindAbove(params string[] path)
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var found = Path.Combine([folder.FullName, .. path]);
            if (Path.Exists(found))
            {
                return found;
            }
        }

        return null;
    }
}
