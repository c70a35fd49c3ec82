using LlmGuard.Scanning;

namespace LlmGuard.Plugins.CodeSanitation.Reading;

/// <summary>Takes what the readers of one text find, and keeps what the policy asks for.</summary>
/// <param name="rules">For each rule its number in the plan, or -1.</param>
internal sealed class CodeFindings(int[] rules)
{
    private List<Candidate>? _found;
    private long _origin;

    /// <summary>Steps taken since the start: bytes, tokens and comparisons.</summary>
    public long Steps { get; set; }

    /// <summary>Starts on a text.</summary>
    public void Start(long origin, List<Candidate> found) => (_origin, _found) = (origin, found);

    /// <summary>Whether a rule is asked for.</summary>
    public bool IsWanted(int rule) => rule >= 0 && rules[rule] >= 0;

    /// <summary>Reports a match.</summary>
    public void Add(int rule, int start, int end)
    {
        if (IsWanted(rule) && end > start)
        {
            _found!.Add(new Candidate(_origin + start, _origin + end, rules[rule]));
        }
    }
}
