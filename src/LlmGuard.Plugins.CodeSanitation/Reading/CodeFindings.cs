using LlmGuard.Plugins.CodeSanitation.Rules;
using LlmGuard.Scanning;

namespace LlmGuard.Plugins.CodeSanitation.Reading;

/// <summary>Takes what the readers of one text find, and keeps what the policy asks for.</summary>
/// <param name="rules">For each rule its number in the plan, or -1.</param>
internal sealed class CodeFindings(int[] rules)
{
    private readonly bool _wantsDangerous = DangerousCommands.AreWanted(rule => rules[rule] >= 0);
    private readonly List<(int Start, int End)> _commands = [];
    private List<Candidate>? _found;
    private long _origin;

    /// <summary>Steps taken since the start: bytes, tokens and comparisons.</summary>
    public long Steps { get; set; }

    /// <summary>Starts on a text.</summary>
    public void Start(long origin, List<Candidate> found)
    {
        (_origin, _found) = (origin, found);
        _commands.Clear();
    }

    /// <summary>Whether a rule is asked for.</summary>
    public bool IsWanted(int rule) => rule >= 0 && rules[rule] >= 0;

    /// <summary>Reports a match.</summary>
    public void Add(int rule, int start, int end)
    {
        if (IsWanted(rule) && end > start)
        {
            _found!.Add(new Candidate(_origin + start, _origin + end, rules[rule]));
        }
        else if (_wantsDangerous && DangerousCommands.Contains(rule))
        {
            _commands.Add((start, end));
        }
    }

    /// <summary>Ends the commands of the text: from now on it can be asked for them.</summary>
    public void EndCommands()
    {
        if (_commands.Count == 0)
        {
            return;
        }

        // Behind the first that ends late enough, the earliest start tells whether any of them lies there: each knows that of all behind it.
        _commands.Sort(static (a, b) => a.End.CompareTo(b.End));
        Steps += _commands.Count;
        for (var i = _commands.Count - 2; i >= 0; i--)
        {
            _commands[i] = (Math.Min(_commands[i].Start, _commands[i + 1].Start), _commands[i].End);
        }
    }

    /// <summary>Whether a grave command was found there that is asked for as part of a call only, and not by itself.</summary>
    public bool HasCommand(int start, int end)
    {
        var (low, high) = (0, _commands.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            Steps++;
            (low, high) = _commands[middle].End > start ? (low, middle) : (middle + 1, high);
        }

        return low < _commands.Count && _commands[low].Start < end;
    }
}
