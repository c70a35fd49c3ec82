using LlmGuard.Plugins.CodeSanitation.Rules;
using LlmGuard.Scanning.Lexing.Code;

namespace LlmGuard.Plugins.CodeSanitation.Reading;

/// <summary>What options of a call and members of an object tell by their names.</summary>
internal static class Options
{
    /// <summary>Whether an option is what a call works on, rather than how it does.</summary>
    public static bool IsValue(ReadOnlySpan<byte> name) =>
        name.SequenceEqual("args"u8) || name.SequenceEqual("cmd"u8) || name.SequenceEqual("command"u8) || name.SequenceEqual("source"u8)
        || name.SequenceEqual("Arguments"u8) || name.SequenceEqual("data"u8);

    /// <summary>What an option tells of the call.</summary>
    public static CodeFacts Facts(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value) =>
        name.SequenceEqual("shell"u8) && (value.SequenceEqual("True"u8) || value.SequenceEqual("1"u8)) ? CodeFacts.AsksForShell
            : name.SequenceEqual("members"u8) || name.SequenceEqual("filter"u8) ? CodeFacts.Safe
            : name.SequenceEqual("weights_only"u8) && value.SequenceEqual("False"u8) ? CodeFacts.Off
            : name.SequenceEqual("verify"u8) && value.SequenceEqual("False"u8) ? CodeFacts.Unverified
            : CodeFacts.None;

    /// <summary>
    /// Whether a member of an object begins at a token that switches the check of certificates off: <c>rejectUnauthorized: false</c>.
    /// </summary>
    public static bool IsCertificateCheckOff(ReadOnlySpan<byte> text, List<CodeToken> tokens, int at)
    {
        if (at + 2 >= tokens.Count || Statements.IsSymbol(text, tokens, at - 1, '.') || !Statements.IsSymbol(text, tokens, at + 1, ':'))
        {
            return false;
        }

        var name = text[tokens[at].Start..tokens[at].End];
        var value = text[tokens[at + 2].Start..tokens[at + 2].End];
        return name.SequenceEqual("InsecureSkipVerify"u8) ? value.SequenceEqual("true"u8)
            : (name.SequenceEqual("rejectUnauthorized"u8) || name.SequenceEqual("strictSSL"u8)) && value.SequenceEqual("false"u8);
    }

    /// <summary>Whether a member asks for a shell to read the command: <c>shell: true</c>.</summary>
    public static bool AsksForShell(ReadOnlySpan<byte> text, List<CodeToken> tokens, int at) =>
        at + 2 < tokens.Count && Statements.IsSymbol(text, tokens, at + 1, ':') && text[tokens[at].Start..tokens[at].End].SequenceEqual("shell"u8)
        && text[tokens[at + 2].Start..tokens[at + 2].End].SequenceEqual("true"u8);
}
