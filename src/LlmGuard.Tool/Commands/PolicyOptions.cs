using System.CommandLine;
using LlmGuard.Policy;
using LlmGuard.Tool.Policies;

namespace LlmGuard.Tool.Commands;

/// <summary>The options that say which policy, and what it is asked about: shared by the commands, so that all resolve a call alike.</summary>
internal sealed class PolicyOptions
{
    private readonly Option<bool> _gateway =
        new("--gateway") { Description = "Take a document that is neither a whole policy nor a rule for a gateway, not a consumer group" };
    private readonly Option<string?> _path =
        new("--path") { Description = "The call's path, percent-encoded, without query; without it no rule applies" };
    private readonly Option<string> _method =
        new("--method") { Description = "The call's HTTP method, with --path", DefaultValueFactory = _ => "POST" };
    private readonly Option<string?> _service = new("--service") { Description = "The service's id" };
    private readonly Option<string?> _consumer = new("--consumer") { Description = "The consumer who calls" };
    private readonly Option<string[]> _groups =
        new("--group") { Description = "A consumer group of the caller; may be repeated, in the order in which they apply" };
    private readonly Option<string> _seam;

    public PolicyOptions(string defaultSeam)
    {
        _seam = new Option<string>("--seam") { Description = "Where the call is guarded", DefaultValueFactory = _ => defaultSeam };
        _seam.AcceptOnlyFromAmong([.. PolicyWords.Seams.Select(s => s.Key)]);
    }

    /// <summary>Adds only what it takes to load a policy.</summary>
    public void AddLoadingTo(Command command) => command.Add(_gateway);

    public void AddTo(Command command)
    {
        AddLoadingTo(command);
        foreach (var option in (Option[])[_path, _method, _service, _consumer, _groups, _seam])
        {
            command.Add(option);
        }
    }

    /// <summary>Loads the policy for use: a refused one ends the run.</summary>
    public LoadedPolicyFiles Load(ParseResult parsed, IReadOnlyList<string> files, ToolConsole console, bool needsSecrets)
    {
        try
        {
            return LoadedPolicyFiles.Open(files, parsed.GetValue(_gateway), console, needsSecrets);
        }
        catch (RefusedPolicyException refusal)
        {
            throw refusal.ToToolException();
        }
    }

    /// <summary>Whether bare documents are gateways.</summary>
    public bool IsGateway(ParseResult parsed) => parsed.GetValue(_gateway);

    public GuardrailPlanQuery Query(ParseResult parsed) => new()
    {
        Path = parsed.GetValue(_path),
        Method = parsed.GetValue(_method)!,
        Service = parsed.GetValue(_service),
        Seam = PolicyWords.Seams.First(s => s.Key == parsed.GetValue(_seam)).Value,
        Caller = new GuardrailCaller(parsed.GetValue(_consumer), parsed.GetValue(_groups) ?? []),
    };
}
