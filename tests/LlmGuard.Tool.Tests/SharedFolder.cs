using LlmGuard.Tool.Policies;
using Microsoft.Extensions.DependencyInjection;

namespace LlmGuard.Tool.Tests;

/// <summary>Finds the reference data beside the repository.</summary>
internal static class SharedFolder
{
    public static string? Find(string path)
    {
        for (var directory = new DirectoryInfo(TestContext.CurrentContext.TestDirectory); directory is not null; directory = directory.Parent)
        {
            var candidate = Path.Combine(directory.FullName, "shared", path);
            if (Directory.Exists(candidate) || File.Exists(candidate))
            {
                return candidate;
            }
        }

        return null;
    }
}

/// <summary>The plugins the tool carries today.</summary>
internal static class ToolPluginNames
{
    public static string[] Of(ToolRun run)
    {
        var services = new ServiceCollection();
        ToolPlugins.AddAll(services.AddAiGuardrails(options => options.PolicyFiles.Add(run.PathOf("policy.json"))));
        using var provider = services.BuildServiceProvider();
        return [.. provider.GetServices<IGuardrailPlugin>().Select(p => p.Metadata.Name)];
    }
}
