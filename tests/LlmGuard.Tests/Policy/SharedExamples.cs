using LlmGuard.Tests.Repository;

namespace LlmGuard.Tests.Policy;

/// <summary>The example policies of the plugin guide, which lie beside the repository.</summary>
internal static class SharedExamples
{
    public static string? Directory { get; } = Checkout.FindAbove("shared", "reference", "policy-examples");

    public static string? Read(string file) => Directory is null ? null : File.ReadAllText(Path.Combine(Directory, file));
}
