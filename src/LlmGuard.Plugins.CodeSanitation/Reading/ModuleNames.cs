using LlmGuard.Scanning.Lexing.Code;

namespace LlmGuard.Plugins.CodeSanitation.Reading;

/// <summary>What a program calls its modules and what it takes out of them.</summary>
internal sealed class ModuleNames
{
    private readonly Dictionary<ulong, (int Start, int End)> _modules = [];

    /// <summary>Forgets everything.</summary>
    public void Clear() => _modules.Clear();

    /// <summary>The module a name stands for, or the name itself.</summary>
    public ReadOnlySpan<byte> Resolve(ReadOnlySpan<byte> text, ReadOnlySpan<byte> name) =>
        _modules.Count > 0 && _modules.TryGetValue(NameHash.Of(name), out var module) ? text[module.Start..module.End] : name;

    /// <summary>Reads an import at a token, if one is there: <c>import a as b</c>, <c>from a import b as c</c>, <c>b = require("a")</c>, <c>{b} = require("a")</c>.</summary>
    public void Read(ReadOnlySpan<byte> text, List<CodeToken> tokens, int at)
    {
        var word = text[tokens[at].Start..tokens[at].End];
        if (word.SequenceEqual("from"u8) && at + 2 < tokens.Count && tokens[at + 1].Kind == CodeTokenKind.Name)
        {
            ReadFrom(text, tokens, at);
        }
        else if (word.SequenceEqual("import"u8) && at + 3 < tokens.Count && Is(text, tokens[at + 2], "as"u8))
        {
            Add(text, tokens[at + 3], tokens[at + 1]);
        }
        else if (word.SequenceEqual("require"u8) && at + 2 < tokens.Count && tokens[at + 2].Kind == CodeTokenKind.Text)
        {
            ReadRequire(text, tokens, at);
        }
    }

    private void ReadFrom(ReadOnlySpan<byte> text, List<CodeToken> tokens, int at)
    {
        if (!Is(text, tokens[at + 2], "import"u8))
        {
            return;
        }

        for (var i = at + 3; i < tokens.Count && tokens[i].Kind != CodeTokenKind.Line; i++)
        {
            if (tokens[i].Kind != CodeTokenKind.Name)
            {
                continue;
            }

            var isRenamed = i + 2 < tokens.Count && Is(text, tokens[i + 1], "as"u8);
            Add(text, tokens[isRenamed ? i + 2 : i], tokens[at + 1]);
            i += isRenamed ? 2 : 0;
        }
    }

    private void ReadRequire(ReadOnlySpan<byte> text, List<CodeToken> tokens, int at)
    {
        var module = tokens[at + 2];
        var inside = module with { Start = module.Start + 1, End = Math.Max(module.Start + 1, module.End - 1) };
        for (var i = at - 1; i >= 0 && at - i < 24 && tokens[i].Kind != CodeTokenKind.Line && text[tokens[i].Start] != ';'; i--)
        {
            if (tokens[i].Kind == CodeTokenKind.Name && !Is(text, tokens[i], "const"u8) && !Is(text, tokens[i], "var"u8) && !Is(text, tokens[i], "let"u8))
            {
                Add(text, tokens[i], inside);
            }
        }
    }

    private void Add(ReadOnlySpan<byte> text, CodeToken name, CodeToken module) =>
        _modules[NameHash.Of(text[name.Start..name.End])] = (module.Start, module.End);

    private static bool Is(ReadOnlySpan<byte> text, CodeToken token, ReadOnlySpan<byte> word) => text[token.Start..token.End].SequenceEqual(word);
}
