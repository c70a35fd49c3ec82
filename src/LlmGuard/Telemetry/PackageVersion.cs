using System.Reflection;

namespace LlmGuard.Telemetry;

/// <summary>The version that meters and activity sources tell. Compiled into each assembly that has such, for the version of that one.</summary>
internal static class PackageVersion
{
    /// <summary>The package's version, without what names its commit.</summary>
    public static readonly string? Text =
        typeof(PackageVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0];
}
