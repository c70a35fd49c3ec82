using System.Reflection;

namespace LlmGuard.Packages.Tests;

/// <summary>The checkout that is tested.</summary>
internal static class Repository
{
    public static string Root { get; } = Metadata("RepositoryRoot");

    public static string Configuration { get; } = Metadata("Configuration");

    public static IEnumerable<string> Packages() =>
        Directory.EnumerateDirectories(Path.Combine(Root, "src")).Select(static d => Path.GetFileName(d)).Order(StringComparer.Ordinal);

    /// <summary>The packages that other code references: all but the tool, which is run.</summary>
    public static IEnumerable<string> Libraries() => Packages().Where(static p => !IsTool(p));

    public static bool IsTool(string package) =>
        File.ReadAllText(Path.Combine(Root, "src", package, package + ".csproj")).Contains("<PackAsTool>true", StringComparison.Ordinal);

    private static string Metadata(string key) =>
        typeof(Repository).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == key).Value!;
}
