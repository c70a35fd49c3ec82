using LlmGuard.Plugins.CodeSanitation.Rules;
using LlmGuard.Scanning.Lexing.Code;

namespace LlmGuard.Plugins.CodeSanitation.Reading;

/// <summary>Tells a function of a module from others of its name.</summary>
internal static class Receivers
{
    /// <summary>Whether what stands before a name is what a sink is called on.</summary>
    /// <param name="text">The text.</param>
    /// <param name="tokens">Its tokens.</param>
    /// <param name="modules">What names stand for.</param>
    /// <param name="name">The token of the name.</param>
    /// <param name="receiver">The token of the receiver, or -1.</param>
    /// <param name="hasDot">Whether anything stands before the name with a dot.</param>
    /// <param name="sink">The sink.</param>
    public static bool Accept(
        ReadOnlySpan<byte> text,
        List<CodeToken> tokens,
        ModuleNames modules,
        int name,
        int receiver,
        bool hasDot,
        CodeSink sink)
    {
        var before = receiver < 0 ? [] : text[tokens[receiver].Start..tokens[receiver].End];
        if (receiver >= 0 && tokens[receiver].Kind == CodeTokenKind.Text)
        {
            before = ExpressionFacts.Content(text, tokens[receiver]);
        }

        var module = hasDot ? modules.Resolve(text, before) : modules.Resolve(text, text[tokens[name].Start..tokens[name].End]);
        var isImported = !hasDot && !module.SequenceEqual(text[tokens[name].Start..tokens[name].End]);
        foreach (var allowed in sink.ReceiverBytes)
        {
            var isNamed = allowed.Length > 1 || (allowed.Length == 1 && allowed[0] is not ((byte)'*' or (byte)'.'));
            var isMatch = isNamed
                ? (before.SequenceEqual(allowed) && (hasDot || allowed.AsSpan().SequenceEqual("new"u8)))
                    || ((hasDot || isImported) && module.SequenceEqual(allowed))
                : allowed.Length == 0 ? !hasDot && receiver < 0 && !isImported
                : allowed[0] == '*' || hasDot;
            if (isMatch)
            {
                return true;
            }
        }

        return false;
    }
}
