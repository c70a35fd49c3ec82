using LlmGuard.Plugins.CodeSanitation.Reading;

namespace LlmGuard.Plugins.CodeSanitation.Triggers;

/// <summary>What <see cref="CodeTriggers"/> works with on one text: lists, and answers asked for once. For one thread; holds no text.</summary>
internal sealed class TriggerScratch
{
    private static readonly Lazy<TriggerWords> Runners = new(static () =>
        new TriggerWords([.. StructureTriggers.Runners.Distinct(StringComparer.Ordinal).Select(r => (r, false))]));

    private readonly List<int> _starts = [];
    private readonly List<(int Start, int Length, int Number)> _found = [];
    private bool? _hasForeign;
    private bool? _hasCopy;
    private bool? _hasRunner;
    private bool? _hasQuery;
    private bool? _hasImports;
    private bool? _hasVerify;
    private bool? _mayRename;

    /// <summary>For the starts of words.</summary>
    public List<int> Starts { get; } = [];

    /// <summary>For the words.</summary>
    public List<(int Start, int Length, int Number)> Found { get; } = [];

    /// <summary>Starts on a text.</summary>
    public void Start() =>
        (_hasForeign, _hasCopy, _hasRunner, _hasQuery, _hasImports, _hasVerify, _mayRename) = (null, null, null, null, null, null, null);

    /// <summary>Whether the text may name anything that somebody else wrote.</summary>
    public bool HasForeign(ReadOnlySpan<byte> text, ref long steps) => _hasForeign ??= ForeignNames.Any(text, _starts, _found, ref steps);

    /// <summary>Whether the text has a statement that copies.</summary>
    public bool HasCopy(ReadOnlySpan<byte> text, ref long steps)
    {
        if (_hasCopy is null)
        {
            steps += text.Length;
            _hasCopy = false;
            for (var at = 0; !_hasCopy.Value && text[at..].IndexOfAny("cC"u8) is >= 0 and var found; at += found + 1)
            {
                var word = text[(at + found)..];
                _hasCopy = word.Length >= 4 && System.Text.Ascii.EqualsIgnoreCase(word[..4], "copy"u8);
            }
        }

        return _hasCopy.Value;
    }

    /// <summary>
    /// Whether a literal of the text may begin as a query of a database does. Every literal that does has a quote before its words.
    /// </summary>
    public bool HasQuery(ReadOnlySpan<byte> text, ref long steps)
    {
        if (_hasQuery is null)
        {
            steps += text.Length;
            _hasQuery = false;
            for (var at = 0; !_hasQuery.Value && text[at..].IndexOfAny("\"'`"u8) is >= 0 and var found; at += found + 1)
            {
                _hasQuery = ExpressionFacts.IsQuery(text[(at + found + 1)..]);
            }
        }

        return _hasQuery.Value;
    }

    /// <summary>Whether the text may name a module or what is taken out of one, so that a name may stand for another.</summary>
    public bool HasImports(ReadOnlySpan<byte> text, ref long steps)
    {
        steps += _hasImports is null ? 3 * text.Length : 0;
        return _hasImports ??=
            CodeTriggers.HasName(text, "import"u8) || CodeTriggers.HasName(text, "from"u8) || CodeTriggers.HasName(text, "require"u8);
    }

    /// <summary>Whether the text may call a function by another name than its own.</summary>
    public bool MayRename(ReadOnlySpan<byte> text, ref long steps)
    {
        steps += _mayRename is null ? 2 * text.Length : 0;
        return _mayRename ??= CodeTriggers.HasName(text, "from"u8) && CodeTriggers.HasName(text, "as"u8);
    }

    /// <summary>Whether the text may say that something shall not be verified.</summary>
    public bool HasVerify(ReadOnlySpan<byte> text, ref long steps)
    {
        steps += _hasVerify is null ? text.Length : 0;
        return _hasVerify ??= text.IndexOf("verify"u8) >= 0;
    }

    /// <summary>Whether the text names a shell or an interpreter as a word of a command line.</summary>
    public bool HasRunner(ReadOnlySpan<byte> text, ref long steps)
    {
        if (_hasRunner is null)
        {
            _found.Clear();
            Runners.Value.Find(text, _starts, _found, ref steps);
            _hasRunner = false;
            foreach (var (start, length, _) in _found)
            {
                _hasRunner |= CodeTriggers.IsCommand(text, start, length);
            }
        }

        return _hasRunner.Value;
    }
}
