using System.CommandLine;
using LlmGuard.Planning;
using LlmGuard.Policy;
using LlmGuard.Tool.Evaluation;
using LlmGuard.Tool.Policies;

namespace LlmGuard.Tool.Commands;

/// <summary>The options of the commands that evaluate texts.</summary>
internal sealed class CallOptions
{
    // post_response has no caller any more to show anything to.
    private static readonly KeyValuePair<string, GuardrailStage>[] Stages =
        [.. PolicyWords.Stages.Where(s => s.Value != GuardrailStage.PostResponse)];

    private readonly PolicyOptions _policy = new("code");
    private readonly Option<string[]> _files = new("--policy")
    {
        Description = "The policy file; repeat it to merge several",
        Required = true,
        Arity = ArgumentArity.OneOrMore,
    };

    private readonly Option<string> _stage = new("--stage") { Description = "The stage whose entries run", DefaultValueFactory = _ => "pre_request" };
    private readonly Option<string?> _role = new("--role") { Description = "Who says the text; user, or assistant at pre_response, unless given" };
    private readonly Option<int> _parallel = new("--parallel")
    {
        Description = "Evaluations at once; one per processor unless given",
        DefaultValueFactory = _ => Environment.ProcessorCount,
    };

    public CallOptions()
    {
        _stage.AcceptOnlyFromAmong([.. Stages.Select(s => s.Key)]);
        _parallel.Validators.Add(result =>
        {
            if (result.Tokens.Count > 0 && (!int.TryParse(result.Tokens[0].Value, out var value) || value is < 1 or > 1024))
            {
                result.AddError($"--parallel: '{result.Tokens[0].Value}' is not a number from 1 to 1024.");
            }
        });
    }

    public void AddTo(Command command)
    {
        foreach (var option in (Option[])[_files, _stage, _role, _parallel])
        {
            command.Add(option);
        }

        _policy.AddTo(command);
    }

    public int Parallel(ParseResult parsed) => parsed.GetValue(_parallel);

    public IReadOnlyList<string> Files(ParseResult parsed) => parsed.GetValue(_files)!;

    public string Stage(ParseResult parsed) => parsed.GetValue(_stage)!;

    public LoadedPolicyFiles Load(ParseResult parsed, ToolConsole console) => _policy.Load(parsed, Files(parsed), console, needsSecrets: true);

    /// <summary>An evaluator of texts under the policy. Refuses a call that no entry would judge, because every text would pass.</summary>
    /// <exception cref="ToolException">No entry applies, or the policy refuses the call itself.</exception>
    public TextEvaluator Evaluator(ParseResult parsed, LoadedPolicyFiles policy, ToolConsole console)
    {
        var stage = Stages.First(s => s.Key == Stage(parsed)).Value;
        var query = _policy.Query(parsed);
        var plan = policy.Explainer.Explain(query);
        if (plan.IsAmbiguousPath || plan.IsUnidentifiedRefused)
        {
            throw new ToolException(plan.IsAmbiguousPath
                ? "--path can be read in more than one way, so that the policy refuses the call."
                : "The policy refuses callers that are not identified: give --consumer or --group.");
        }

        var entries = plan.Stages.First(s => s.Stage == stage).Entries;
        if (!entries.Any(e => !e.IsMonitor))
        {
            throw new ToolException(entries.Count == 0
                ? $"No entry of the policy applies at {PolicyNames.Of(stage)} to this call{Hint(query, policy)}."
                : $"All entries that apply at {PolicyNames.Of(stage)} are in monitor mode, which changes nothing: set \"mode\": "
                    + "\"enforce\" to see what they would do.");
        }

        foreach (var entry in entries.Where(e => e.IsMonitor))
        {
            console.Error.WriteLine($"llmguard: note: {entry.Entry.Plugin} at {entry.DocumentPath} is in monitor mode and not part of the results.");
        }

        return new TextEvaluator(policy.Guardrails, stage, Role(parsed, stage), query, console.Time);
    }

    private static string Hint(GuardrailPlanQuery query, LoadedPolicyFiles policy)
    {
        var elsewhere = string.Join(", ", policy.Entries().Select(e => $"{e.Plugin} at {e.Path}").Take(5));
        var hint = query.Path is null ? " (no rule applies without --path)" : "";
        return $"{hint}; it has {elsewhere}. See 'llmguard explain'";
    }

    private SegmentRole Role(ParseResult parsed, GuardrailStage stage) =>
        new((parsed.GetValue(_role) ?? (stage == GuardrailStage.PreResponse ? "assistant" : "user")).ToLowerInvariant());
}
