using System.CommandLine;
using LlmGuard.Policy.Schema;
using LlmGuard.Tool.Policies;
using Microsoft.Extensions.DependencyInjection;

namespace LlmGuard.Tool.Commands;

/// <summary><c>llmguard schema</c>: the JSON schema of policy documents, for editors.</summary>
internal static class SchemaCommand
{
    public static Command Create(ToolConsole console)
    {
        var command = new Command("schema", "Prints the JSON schema of policies, by which an editor completes and checks them.");
        command.SetAction(async (_, _) =>
        {
            var services = new ServiceCollection();
            ToolPlugins.AddAll(services.AddAiGuardrails());
            var provider = services.BuildServiceProvider();
            await using (provider.ConfigureAwait(false))
            {
                var made = new List<IGuardrailEvaluator>();
                var plugins = provider.GetServices<IGuardrailPlugin>().OrderBy(plugin => plugin.Metadata.Name, StringComparer.Ordinal).ToArray();
                await console.Text.WriteAsync(PolicySchema.Write(plugins, made.Add)).ConfigureAwait(false);
                foreach (var evaluator in made)
                {
                    await DisposeAsync(evaluator).ConfigureAwait(false);
                }

                return ExitCodes.Ok;
            }
        });
        return command;
    }

    private static async ValueTask DisposeAsync(IGuardrailEvaluator evaluator)
    {
        if (evaluator is IAsyncDisposable asynchronous)
        {
            await asynchronous.DisposeAsync().ConfigureAwait(false);
        }
        else
        {
            (evaluator as IDisposable)?.Dispose();
        }
    }
}
