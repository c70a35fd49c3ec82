using LlmGuard.Scanning.Lexing.Code;

namespace LlmGuard.Plugins.CodeSanitation.Reading;

/// <summary>What a program calls its modules and what it takes out of them.</summary>
internal sealed class ModuleNames
{
    /// <summary>Tokens that the path of a module may have.</summary>
    private const int LongestPath = 32;

    private readonly Dictionary<ulong, (int Start, int End)> _modules = [];
    private readonly Dictionary<ulong, (int Start, int End)> _functions = [];

    // The token up to which an import was read, so that no list of names is read twice.
    private int _read;

    /// <summary>Steps taken since the start: tokens looked at.</summary>
    public long Steps { get; private set; }

    /// <summary>Forgets everything.</summary>
    public void Clear()
    {
        _read = 0;
        _modules.Clear();
        _functions.Clear();
    }

    /// <summary>What a function was called before it was imported under another name, or the name itself.</summary>
    public ReadOnlySpan<byte> Original(ReadOnlySpan<byte> text, ReadOnlySpan<byte> name) =>
        _functions.Count > 0 && _functions.TryGetValue(NameHash.Of(name), out var function) ? text[function.Start..function.End] : name;

    /// <summary>The module a name stands for, or the name itself.</summary>
    public ReadOnlySpan<byte> Resolve(ReadOnlySpan<byte> text, ReadOnlySpan<byte> name) =>
        _modules.Count > 0 && _modules.TryGetValue(NameHash.Of(name), out var module) ? text[module.Start..module.End] : name;

    /// <summary>
    /// Reads an import at a token, if one is there: <c>import a as b</c>, <c>from a import b as c</c>, <c>b = require("a")</c>, <c>{b} =
    /// require("a")</c>.
    /// </summary>
    public void Read(ReadOnlySpan<byte> text, List<CodeToken> tokens, int at)
    {
        var word = text[tokens[at].Start..tokens[at].End];
        if (word.SequenceEqual("from"u8) && at >= _read)
        {
            if (at + 1 < tokens.Count && tokens[at + 1].Kind == CodeTokenKind.Text)
            {
                ReadImport(text, tokens, at);
            }
            else
            {
                ReadFrom(text, tokens, at);
            }
        }
        else if (word.SequenceEqual("as"u8) && at > 1 && at + 1 < tokens.Count && IsImport(text, tokens, at))
        {
            Add(text, tokens[at + 1], tokens[at - 1]);
        }
        else if (word.SequenceEqual("require"u8) && at + 2 < tokens.Count && tokens[at + 2].Kind == CodeTokenKind.Text)
        {
            ReadRequire(text, tokens, at);
        }
    }

    // The statement "import a.b as c", and no renaming of anything else.
    private static bool IsImport(ReadOnlySpan<byte> text, List<CodeToken> tokens, int at)
    {
        for (var i = at - 1; i >= 0 && at - i < 12 && tokens[i].Kind != CodeTokenKind.Line; i--)
        {
            if (Is(text, tokens[i], "import"u8))
            {
                return i == 0 || tokens[i - 1].Kind != CodeTokenKind.Name;
            }
        }

        return false;
    }

    private void ReadFrom(ReadOnlySpan<byte> text, List<CodeToken> tokens, int at)
    {
        var (module, i) = (-1, at + 1);
        var most = Math.Min(tokens.Count, at + LongestPath);
        for (; i < most && tokens[i].Kind != CodeTokenKind.Line && !Is(text, tokens[i], "import"u8); i++)
        {
            module = tokens[i].Kind == CodeTokenKind.Name ? i : module;
        }

        Steps += i - at;
        if (module < 0 || i == most || tokens[i].Kind == CodeTokenKind.Line)
        {
            return;
        }

        for (i++; i < tokens.Count && tokens[i].Kind != CodeTokenKind.Line; i++)
        {
            if (tokens[i].Kind != CodeTokenKind.Name)
            {
                continue;
            }

            var isRenamed = i + 2 < tokens.Count && Is(text, tokens[i + 1], "as"u8);
            Add(text, tokens[isRenamed ? i + 2 : i], tokens[module]);
            if (isRenamed)
            {
                _functions[NameHash.Of(text[tokens[i + 2].Start..tokens[i + 2].End])] = (tokens[i].Start, tokens[i].End);
                i += 2;
            }
        }

        Steps += i - at;
        _read = i;
    }

    // "import { a, b as c } from 'd'", of a script: what stands before the word.
    private void ReadImport(ReadOnlySpan<byte> text, List<CodeToken> tokens, int at)
    {
        var module = Inside(text, tokens[at + 1]);
        for (var i = at - 1; i >= _read && at - i < LongestPath && !Is(text, tokens[i], "import"u8); i--)
        {
            Steps++;
            if (tokens[i].Kind == CodeTokenKind.Name && !Is(text, tokens[i], "as"u8))
            {
                Add(text, tokens[i], module);
                if (i > 1 && Is(text, tokens[i - 1], "as"u8) && tokens[i - 2].Kind == CodeTokenKind.Name)
                {
                    _functions[NameHash.Of(text[tokens[i].Start..tokens[i].End])] = (tokens[i - 2].Start, tokens[i - 2].End);
                }
            }
        }

        _read = at + 1;
    }

    // The text of a literal without its quotes, nor the scheme of what a runtime brings along.
    private static CodeToken Inside(ReadOnlySpan<byte> text, CodeToken literal)
    {
        var start = Math.Min(literal.Start + 1, literal.End);
        var end = Math.Max(start, literal.End - 1);
        return literal with { Start = text[start..end].StartsWith("node:"u8) ? start + 5 : start, End = end };
    }

    private void ReadRequire(ReadOnlySpan<byte> text, List<CodeToken> tokens, int at)
    {
        var inside = Inside(text, tokens[at + 2]);
        for (var i = at - 1; i >= 0 && at - i < 24 && tokens[i].Kind != CodeTokenKind.Line && text[tokens[i].Start] != ';'; i--)
        {
            if (tokens[i].Kind == CodeTokenKind.Name && !Is(text, tokens[i], "const"u8) && !Is(text, tokens[i], "var"u8)
                && !Is(text, tokens[i], "let"u8))
            {
                Add(text, tokens[i], inside);
            }
        }
    }

    private void Add(ReadOnlySpan<byte> text, CodeToken name, CodeToken module) =>
        _modules[NameHash.Of(text[name.Start..name.End])] = (module.Start, module.End);

    private static bool Is(ReadOnlySpan<byte> text, CodeToken token, ReadOnlySpan<byte> word) => text[token.Start..token.End].SequenceEqual(word);
}
