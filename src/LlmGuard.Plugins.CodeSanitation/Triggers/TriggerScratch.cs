using System.Runtime.InteropServices;
using LlmGuard.Plugins.CodeSanitation.Reading;
using LlmGuard.Plugins.CodeSanitation.Rules;
using LlmGuard.Scanning.Lexing.Code;

namespace LlmGuard.Plugins.CodeSanitation.Triggers;

/// <summary>What <see cref="CodeTriggers"/> works with on one text: lists, and answers asked for once. For one thread; holds no text.</summary>
internal sealed class TriggerScratch
{
    private static readonly Lazy<TriggerWords> Runners = new(static () =>
        new TriggerWords([.. StructureTriggers.Evaluators.Concat(StructureTriggers.OtherRunners).Select(r => (r, false))]));

    private readonly List<int> _starts = [];
    private readonly List<(int Start, int Length, int Number)> _found = [];
    private readonly List<(int Start, int Length, int Number)> _signs = [];
    private readonly List<(int Start, int Length, int Number)> _words = [];
    private bool? _hasForeign;
    private bool? _hasCopy;
    private bool? _hasRunner;
    private bool? _hasQuery;
    private bool? _hasImports;
    private bool? _hasVerify;
    private bool? _hasShell;
    private bool? _hasGrantOfAll;
    private bool? _hasOpenedPipe;
    private (int First, int LastSent)? _literals;
    private bool? _hasJoined;
    private bool? _mayRename;

    // One bit for each receiver: whether the text was searched for it, and whether it is there.
    private readonly ulong[] _searched = new ulong[(SinkTable.ReceiverNames.Count + 63) / 64];
    private readonly ulong[] _mentioned = new ulong[(SinkTable.ReceiverNames.Count + 63) / 64];

    /// <summary>The parts of the text between its fences.</summary>
    public List<CodePart> Parts { get; } = [];

    /// <summary>Those of the parts in which the reader of programs may find something.</summary>
    public List<CodePart> Programs { get; } = [];

    /// <summary>Starts on a text as a whole: splits it and finds the texts of triggers in it.</summary>
    public void Split(ReadOnlySpan<byte> text, TriggerWords triggers, ref long steps)
    {
        Parts.Clear();
        Programs.Clear();
        CodeFences.Split(text, Parts);
        _signs.Clear();
        triggers.FindSigns(text, _starts, _signs, ref steps);
        _signs.Sort(static (a, b) => a.Start.CompareTo(b.Start));
        _words.Clear();
        triggers.FindWords(text, _starts, _words, ref steps);
    }

    /// <summary>What may stand within words, of those that begin in a part of the text.</summary>
    public ReadOnlySpan<(int Start, int Length, int Number)> SignsIn(int start, int length) => In(_signs, start, length);

    /// <summary>What begins with a whole word, of those that begin in a part of the text.</summary>
    public ReadOnlySpan<(int Start, int Length, int Number)> WordsIn(int start, int length) => In(_words, start, length);

    private static ReadOnlySpan<(int Start, int Length, int Number)> In(List<(int Start, int Length, int Number)> found, int start, int length)
    {
        var first = FirstFrom(found, start);
        return CollectionsMarshal.AsSpan(found)[first..FirstFrom(found, start + length)];
    }

    private static int FirstFrom(List<(int Start, int Length, int Number)> found, int start)
    {
        var (low, high) = (0, found.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = found[middle].Start < start ? (middle + 1, high) : (low, middle);
        }

        return low;
    }

    /// <summary>Keeps a part in which the reader of programs may find something.</summary>
    public void TakePart(int part, bool mayHold)
    {
        if (mayHold)
        {
            Programs.Add(Parts[part]);
        }
    }

    /// <summary>Starts on a text, or on a part of one.</summary>
    public void Start()
    {
        (_hasForeign, _hasCopy, _hasRunner, _hasQuery, _hasImports, _hasVerify) = (null, null, null, null, null, null);
        (_hasShell, _hasJoined, _mayRename, _hasGrantOfAll, _hasOpenedPipe, _literals) = (null, null, null, null, null, null);
        _searched.AsSpan().Clear();
    }

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
                var word = at + found;
                _hasCopy = text.Length - word >= 4 && System.Text.Ascii.EqualsIgnoreCase(text.Slice(word, 4), "copy"u8)
                    && CodeTriggers.IsName(text, word, 4);
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

    /// <summary>Whether the text may call a sink by another name than its own.</summary>
    /// <param name="text">The text.</param>
    /// <param name="sinks">The sinks.</param>
    /// <param name="steps">Increased by the bytes looked at.</param>
    public bool MayRename(ReadOnlySpan<byte> text, SinkCalls sinks, ref long steps)
    {
        steps += _mayRename is null ? 3 * text.Length : 0;
        return _mayRename ??= CodeTriggers.HasName(text, "import"u8) && CodeTriggers.HasName(text, "from"u8) && Renamings.Any(text, sinks, ref steps);
    }

    /// <summary>Whether the name of a receiver stands anywhere in the text, be it in another name.</summary>
    /// <param name="text">The text.</param>
    /// <param name="receiver">Its number.</param>
    /// <param name="steps">Increased by the bytes looked at.</param>
    public bool Mentions(ReadOnlySpan<byte> text, int receiver, ref long steps)
    {
        var (word, bit) = (receiver >> 6, 1UL << (receiver & 63));
        if ((_searched[word] & bit) == 0)
        {
            _searched[word] |= bit;
            steps += text.Length;
            _mentioned[word] = text.IndexOf(SinkTable.ReceiverNames[receiver]) >= 0 ? _mentioned[word] | bit : _mentioned[word] & ~bit;
        }

        return (_mentioned[word] & bit) != 0;
    }

    /// <summary>Whether the text may ask for a shell to read a command.</summary>
    public bool HasShell(ReadOnlySpan<byte> text, ref long steps)
    {
        steps += _hasShell is null ? text.Length : 0;
        return _hasShell ??= text.IndexOf("shell"u8) >= 0;
    }

    /// <summary>Whether two literals may be put together to a name.</summary>
    public bool HasJoined(ReadOnlySpan<byte> text, ref long steps)
    {
        steps += _hasJoined is null ? text.Length : 0;
        return _hasJoined ??= JoinedLiterals.Any(text, ref steps);
    }

    /// <summary>Whether the text may say that something shall not be verified.</summary>
    public bool HasVerify(ReadOnlySpan<byte> text, ref long steps)
    {
        steps += _hasVerify is null ? text.Length : 0;
        return _hasVerify ??= text.IndexOf("verify"u8) >= 0;
    }

    /// <summary>Whether the text may give all of something to somebody.</summary>
    public bool HasGrantOfAll(ReadOnlySpan<byte> text, ref long steps)
    {
        steps += _hasGrantOfAll is null ? text.Length : 0;
        return _hasGrantOfAll ??= text.IndexOf("*.*"u8) >= 0;
    }

    /// <summary>Whether the text may open a pipe by a name that holds a value.</summary>
    public bool HasOpenedPipe(ReadOnlySpan<byte> text, ref long steps)
    {
        steps += _hasOpenedPipe is null ? 3 * text.Length : 0;
        return _hasOpenedPipe ??= text.IndexOf("open"u8) >= 0 && (text.ContainsAny((byte)'$', (byte)'@') || text.IndexOf("#{"u8) >= 0);
    }

    /// <summary>Whether a literal may hold a tag of PHP, with what a caller sends behind it.</summary>
    /// <param name="text">The text.</param>
    /// <param name="tag">Where the tag stands.</param>
    /// <param name="steps">Increased by the bytes looked at.</param>
    public bool HasWrittenProgram(ReadOnlySpan<byte> text, int tag, ref long steps)
    {
        if (_literals is null)
        {
            // Some lexers take what stands between slashes for a literal.
            var first = text.IndexOfAny("\"'`/"u8);
            _literals = (first < 0 ? text.Length : first, text.LastIndexOf("$_"u8));
            steps += 2 * text.Length;
        }

        return _literals.Value.First < tag && tag < _literals.Value.LastSent;
    }

    /// <summary>Whether the text names what runs commands as a word of a command line, in such a way that something may be given to it.</summary>
    public bool HasRunner(ReadOnlySpan<byte> text, ref long steps)
    {
        if (_hasRunner is null)
        {
            _found.Clear();
            Runners.Value.Find(text, _starts, _found, ref steps);
            var (isEvaluator, isRunner) = (false, false);
            foreach (var (start, length, number) in _found)
            {
                var isCommand = CodeTriggers.IsCommand(text, start, length);
                isEvaluator |= isCommand && number < StructureTriggers.Evaluators.Length;
                isRunner |= isCommand;
            }

            _hasRunner = isEvaluator || (isRunner && CommandRunners.MayBeGiven(text, ref steps));
        }

        return _hasRunner.Value;
    }
}
