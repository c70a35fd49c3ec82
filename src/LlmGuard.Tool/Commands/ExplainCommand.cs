using System.CommandLine;

namespace LlmGuard.Tool.Commands;

/// <summary><c>llmguard explain</c>: what a policy makes of a call, and where each entry came from.</summary>
internal static class ExplainCommand
{
    public static Command Create(ToolConsole console)
    {
        var files =
            new Argument<string[]>("policy") { Description = "The policy file; several are merged in order", Arity = ArgumentArity.OneOrMore };
        FileArguments.RefuseOptions(files);
        var options = new PolicyOptions("incoming");
        var command = new Command("explain", "Shows the effective plan of a call: the entries in order, and where each came from.") { files };
        options.AddTo(command);
        command.SetAction(async (parsed, _) =>
        {
            var policy = options.Load(parsed, parsed.GetValue(files)!, console, needsSecrets: false);
            await using (policy.ConfigureAwait(false))
            {
                await console.Text.WriteAsync(policy.Explainer.Explain(options.Query(parsed)).ToString()).ConfigureAwait(false);
                return ExitCodes.Ok;
            }
        });
        return command;
    }
}
