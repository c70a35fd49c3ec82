using System.Text;
using LlmGuard.Scanning.Lexing.Code;

namespace LlmGuard.Plugins.CodeSanitation.Rules;

/// <summary>A function, constructor or property that is dangerous by what it is given. Immutable.</summary>
/// <param name="Id">The id of its rules, without the level.</param>
/// <param name="Languages">The languages it belongs to.</param>
/// <param name="Group">What it is about.</param>
/// <param name="Receivers">
/// What must stand before its name, separated by bars: a name, nothing (no receiver), <c>*</c> (anything), <c>.</c> (any receiver), or <c>new</c>.
/// </param>
/// <param name="Names">Its names, separated by bars.</param>
internal sealed record CodeSink(string Id, CodeLanguages Languages, CodeGroup Group, string Receivers, string Names)
{
    /// <summary>How grave a use is that is given literals only, or null when it is none.</summary>
    public FindingSeverity? Literal { get; init; } = FindingSeverity.Low;

    /// <summary>How grave a use is that is given anything else.</summary>
    public FindingSeverity? Dynamic { get; init; } = FindingSeverity.Medium;

    /// <summary>How grave a use is that is given what somebody else wrote.</summary>
    public FindingSeverity? Foreign { get; init; } = FindingSeverity.High;

    /// <summary>
    /// How grave a use is that is given a command which the rules of shells call grave by itself (<c>rm -rf /</c>), or null where a literal command
    /// says nothing: for what takes no command.
    /// </summary>
    public FindingSeverity? Dangerous => Group == CodeGroup.ProcessStart && Literal == FindingSeverity.Low ? FindingSeverity.High : null;

    /// <summary>What must be known of the arguments: all of it.</summary>
    public CodeFacts Requires { get; init; }

    /// <summary>What must not be known of the arguments: none of it.</summary>
    public CodeFacts Excludes { get; init; }

    /// <summary>Whether it may be called without parentheses.</summary>
    public bool IsBare { get; init; }

    /// <summary>Whether something is assigned to it instead of passed.</summary>
    public bool IsAssigned { get; init; }

    /// <summary>Whether it is given a program and a list of what is passed to it, which no shell reads: values in the list run nothing.</summary>
    public bool IsList { get; init; }

    /// <summary>Whether only its first argument matters: a path or a condition, before contents or values.</summary>
    public bool IsFirst { get; init; }

    /// <summary>Whether only its last argument matters: what is copied, behind where to.</summary>
    public bool IsLast { get; init; }

    /// <summary>Whether other languages call something harmless so, and it counts only where the language is known.</summary>
    public bool NeedsLanguage { get; init; }

    /// <summary>The receivers as bytes.</summary>
    public byte[][] ReceiverBytes { get; } = [.. Receivers.Split('|').Select(Encoding.UTF8.GetBytes)];

    /// <summary>The names one by one.</summary>
    public string[] NameList { get; } = Names.Split('|');

    /// <summary>Whether case is part of a name.</summary>
    public bool IsCaseSensitive => (Languages & (CodeLanguages.Php | CodeLanguages.PowerShell | CodeLanguages.Sql)) == 0;
}
