using System.CommandLine;

namespace LlmGuard.Tool.Commands;

/// <summary>Arguments that are files.</summary>
internal static class FileArguments
{
    /// <summary>
    /// Refuses what looks like an option: a misspelt one would be looked for as a file. A file of such a name is given as <c>./--name</c>.
    /// </summary>
    public static void RefuseOptions(Argument<string[]> files) => files.Validators.Add(static result =>
    {
        foreach (var token in result.Tokens.Where(static token => token.Value.StartsWith("--", StringComparison.Ordinal)))
        {
            result.AddError($"Unrecognized option '{token.Value}'.");
        }
    });
}
