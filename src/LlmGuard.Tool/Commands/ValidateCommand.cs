using System.CommandLine;
using LlmGuard.Tool.Policies;
using Microsoft.Extensions.Logging;

namespace LlmGuard.Tool.Commands;

/// <summary><c>llmguard validate</c>: whether the engine accepts a policy, and what it remarks on it.</summary>
internal static class ValidateCommand
{
    public static Command Create(ToolConsole console)
    {
        var files =
            new Argument<string[]>("policy") { Description = "The policy file; several are merged in order", Arity = ArgumentArity.OneOrMore };
        FileArguments.RefuseOptions(files);
        var options = new PolicyOptions("code");
        var command = new Command("validate", "Checks a policy; every problem is listed with its JSON path.") { files };
        options.AddLoadingTo(command);
        command.SetAction((parsed, _) => RunAsync(parsed.GetValue(files)!, options.IsGateway(parsed), console));
        return command;
    }

    private static async Task<int> RunAsync(string[] files, bool isGateway, ToolConsole console)
    {
        try
        {
            var policy = LoadedPolicyFiles.Open(files, isGateway, console, needsSecrets: false);
            await using (policy.ConfigureAwait(false))
            {
                Describe(policy, string.Join(" and ", files), console.Text);
                return ExitCodes.Ok;
            }
        }
        catch (RefusedPolicyException refusal)
        {
            await console.Error.WriteLineAsync(refusal.Message).ConfigureAwait(false);
            foreach (var problem in refusal.Problems)
            {
                await console.Error.WriteLineAsync($"  {problem}").ConfigureAwait(false);
            }

            return ExitCodes.Objection;
        }
    }

    private static void Describe(LoadedPolicyFiles policy, string origin, TextWriter text)
    {
        var entries = policy.Entries();
        var revision = policy.Explainer.Explain(new GuardrailPlanQuery()).Revision;
        text.WriteLine($"{origin}: valid, {entries.Count} {(entries.Count == 1 ? "entry" : "entries")}, revision {revision}");
        foreach (var entry in entries)
        {
            text.WriteLine($"  {entry.Path}: {entry.Plugin}");
        }

        foreach (var (level, remark) in policy.Remarks)
        {
            text.WriteLine($"{(level >= LogLevel.Warning ? "warning" : "note")}: {remark}");
        }

        foreach (var (name, isSet) in policy.Secrets)
        {
            text.WriteLine(
                $"secret: '{name}' from AiGuardrails:Secrets:{name}, here {SecretSource.VariableOf(name)} ({(isSet ? "set" : "not set")})");
        }
    }
}
