using System.Reflection;

namespace LlmGuard.Packages.Tests;

/// <summary>The checkout that is tested.</summary>
internal static class Repository
{
    public static string Root { get; } = Metadata("RepositoryRoot");

    public static string Configuration { get; } = Metadata("Configuration");

    public static IEnumerable<string> Packages() => Directory.EnumerateDirectories(Path.Combine(Root, "src")).Select(static d => Path.GetFileName(d)).Order(StringComparer.Ordinal);

    private static string Metadata(string key) => typeof(Repository).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == key).Value!;
}
