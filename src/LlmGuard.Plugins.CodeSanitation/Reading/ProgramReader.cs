using LlmGuard.Plugins.CodeSanitation.Rules;
using LlmGuard.Scanning.Lexing.Code;

namespace LlmGuard.Plugins.CodeSanitation.Reading;

/// <summary>
/// Reads a program token by token and judges every call when its arguments end. What an argument holds is known from its tokens and from what
/// was assigned before; each token is looked at once, however deep calls are nested.
/// </summary>
internal sealed partial class ProgramReader(CodeFindings findings)
{
    private static readonly int UntrustedCommand = CodeCatalog.NumberOf("command.untrusted");
    private static readonly int DangerousCommand = CodeCatalog.NumberOf("command.dangerous");
    private static readonly int DynamicCommand = CodeCatalog.NumberOf("command.dynamic");
    private static readonly int LiteralCommand = CodeCatalog.NumberOf("command");
    private static readonly int Unverified = CodeCatalog.NumberOf("tls.unverified");
    private static readonly int ShellList = CodeCatalog.NumberOf("command.shell_list");
    private static readonly int HiddenCall = CodeCatalog.NumberOf("javascript.hidden_call");
    private static readonly int RustUnsafe = CodeCatalog.NumberOf("rust.unsafe");

    private readonly ProgramTokens _lexer = new();
    private readonly List<CodeToken> _tokens = [];
    private readonly List<Frame> _frames = [];
    private readonly Dictionary<ulong, CodeFacts> _known = [];
    private readonly Dictionary<int, int> _closed = [];
    private readonly ModuleNames _modules = new();
    private CodeLanguages _language;
    private int _shell;

    /// <summary>Reads a part of a text.</summary>
    public void Read(ReadOnlySpan<byte> text, int start, int end, CodeLanguages language)
    {
        _tokens.Clear();
        _frames.Clear();
        _known.Clear();
        _closed.Clear();
        _modules.Clear();
        (_language, _shell) = (language, -1);
        _lexer.Read(text, start, end, language, _tokens);
        findings.Steps += end - start + _tokens.Count;
        var modules = _modules.Steps;
        _frames.Add(new Frame { Kind = FrameKind.Program, Callee = -1 });
        for (var at = 0; at < _tokens.Count; at++)
        {
            Take(text, at);
        }

        while (_frames.Count > 1)
        {
            Close(text, _tokens.Count - 1);
        }

        EndStatement(text, _tokens.Count);
        findings.Steps += _modules.Steps - modules;
    }

    private ref Frame Top => ref System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_frames)[^1];

    private void Take(ReadOnlySpan<byte> text, int at)
    {
        var token = _tokens[at];
        switch (token.Kind)
        {
            case CodeTokenKind.Name:
                TakeName(text, at);
                break;
            case CodeTokenKind.Number when text[token.Start..token.End].SequenceEqual("0x40"u8)
                || (token.End == token.Start + 1 && text[token.Start] == '7'):
                Top.Add(CodeFacts.Executable);
                break;
            case CodeTokenKind.Text when _language == CodeLanguages.None && text[token.Start..token.End].IndexOf("#{"u8) >= 0:
            case CodeTokenKind.Template:
                // Only Ruby writes "#{", whatever else the program may be.
                Top.Add(ExpressionFacts.OfTemplate(text, token, _known));
                TakeWritten(text, at);
                break;
            case CodeTokenKind.Text:
                TakeText(text, at);
                break;
            case CodeTokenKind.Command:
                var facts = ExpressionFacts.OfTemplate(text, token, _known);
                findings.Add(CommandRule(facts, token.Start, token.End), token.Start, token.End);
                Top.Add(facts | CodeFacts.Dynamic);
                break;
            case CodeTokenKind.Line:
                TakeLine(text, at);
                break;
            case CodeTokenKind.Symbol:
                TakeSymbol(text, at);
                break;
        }
    }

    private void TakeText(ReadOnlySpan<byte> text, int at)
    {
        var facts = ExpressionFacts.OfText(text, _tokens[at]);
        Top.Add(LiteralForms.IsJoinedName(text, _tokens, at) ? facts | CodeFacts.Joined : facts);
        TakeWritten(text, at);
        _shell = (facts & CodeFacts.NamesShell) != 0 ? at : _shell;
        if (ShellLists.Begin(text, _tokens, _shell, at) && (Top.Callee < 0 || Sinks(text, Top.Callee).IsEmpty))
        {
            findings.Add(ShellList, _tokens[at].Start, _tokens[at + 2].End);
        }
    }

    // In scripts of a shell every second line has a substitution.
    private int CommandRule(CodeFacts facts, int start, int end) => (facts & CodeFacts.Foreign) != 0 ? UntrustedCommand
        : _language == CodeLanguages.Shell ? -1
        : findings.IsWanted(DangerousCommand) && findings.HasCommand(start, end) ? DangerousCommand
        : (facts & CodeFacts.Dynamic) != 0 ? DynamicCommand : LiteralCommand;

    private void TakeName(ReadOnlySpan<byte> text, int at)
    {
        var name = text[_tokens[at].Start.._tokens[at].End];
        _modules.Read(text, _tokens, at);
        var known = NameHash.Find(_known, name);
        var facts = ExpressionFacts.OfName(text, _tokens, at) | known;

        // The name of a query that nothing was written into stands for that query.
        var isPlainQuery = (known & (CodeFacts.Query | CodeFacts.BuiltQuery)) == CodeFacts.Query;
        var isKey = IsSymbol(text, at + 1, ':') && !IsSymbol(text, at - 1, '$')
            && _tokens[at + 1].Start == _tokens[at].End && !IsSymbol(text, at + 2, ':');
        var isFixed = isPlainQuery || isKey || IsBareWord(text, at) || (IsSymbol(text, at + 1, '(') && Cleaners.IsWrapper(name))
            || (IsSymbol(text, at + 1, '.') && Cleaners.IsModule(name));
        facts |= Options.AsksForShell(text, _tokens, at) ? CodeFacts.AsksForShell : CodeFacts.None;
        Top.Add(isFixed ? facts & ~CodeFacts.Dynamic : facts);
        TakeCondition(name);
        if (Options.IsCertificateCheckOff(text, _tokens, at))
        {
            findings.Add(Unverified, _tokens[at].Start, _tokens[at + 2].End);
        }

        if (name.SequenceEqual("unsafe"u8) && IsSymbol(text, at + 1, '{') && _language is CodeLanguages.Rust or CodeLanguages.None)
        {
            findings.Add(RustUnsafe, _tokens[at].Start, _tokens[at + 1].End);
        }

        TakeForm(text, at);
        if (IsBareCall(text, at))
        {
            _frames.Add(new Frame { Kind = FrameKind.Bare, Callee = at });
        }
    }

    // Behind a cmdlet of PowerShell a word without a dollar sign is text.
    private bool IsBareWord(ReadOnlySpan<byte> text, int at) =>
        Top.Kind == FrameKind.Bare && at > 0 && !IsSymbol(text, at - 1, '$')
            && text[_tokens[Top.Callee].Start.._tokens[Top.Callee].End].Contains((byte)'-');

    // "a if b else c": which of two values it is, is not itself one.
    private void TakeCondition(ReadOnlySpan<byte> name)
    {
        if (Top.Kind == FrameKind.Parentheses && (name.SequenceEqual("if"u8) || name.SequenceEqual("else"u8)))
        {
            Top.IsOption = name.SequenceEqual("if"u8);
        }
    }

    private bool IsBareCall(ReadOnlySpan<byte> text, int at)
    {
        if (!Statements.MayCallBare(text, _tokens, at))
        {
            return false;
        }

        foreach (var entry in Sinks(text, at))
        {
            if (entry.Sink.IsBare && (_language == CodeLanguages.None || (entry.Sink.Languages & _language) != 0))
            {
                return true;
            }
        }

        return false;
    }

    private void TakeLine(ReadOnlySpan<byte> text, int at)
    {
        CloseBare(text, at);
        if (Top.Kind is FrameKind.Program or FrameKind.Block && !Statements.GoesOn(text, _tokens, at))
        {
            Top.HasStatements |= Top.Target != 0;
            EndStatement(text, at);
        }
    }

    private void TakeSymbol(ReadOnlySpan<byte> text, int at)
    {
        switch ((char)text[_tokens[at].Start])
        {
            case '(':
                _frames.Add(new Frame { Kind = FrameKind.Parentheses, Callee = Statements.CalleeBefore(text, _tokens, at),
                    IsComputed = Statements.IsComputed(text, _tokens, at - 1) });
                break;
            case ')':
                CloseBare(text, at);
                if (Top.Kind == FrameKind.Parentheses)
                {
                    Close(text, at);
                }

                break;
            case '{':
                _frames.Add(new Frame { Kind = FrameKind.Block, Callee = -1, HasKeys = Statements.IsKey(text, _tokens, at + 1) });
                break;
            case '}':
                CloseBare(text, at);
                if (Top.Kind == FrameKind.Block)
                {
                    Close(text, at);
                }

                break;
            case ';':
                CloseBare(text, at);
                if (Top.Kind is FrameKind.Program or FrameKind.Block)
                {
                    Top.HasStatements = true;
                    EndStatement(text, at);
                }

                break;
            case ',':
                Top.EndArgument();
                Top.IsOption = false;
                break;
            case '=':
                TakeAssignment(text, at);
                break;
            case '!':
                TakeMark(text, at);
                break;
        }
    }

    private void TakeAssignment(ReadOnlySpan<byte> text, int at)
    {
        if (IsSymbol(text, at + 1, '=') || IsSymbol(text, at + 1, '>') || at == 0)
        {
            return;
        }

        var name =
            _tokens[at - 1].Kind == CodeTokenKind.Symbol && text[_tokens[at - 1].Start] is (byte)':' or (byte)'.' or (byte)'+' ? at - 2 : at - 1;
        if (name < 0 || _tokens[name].Kind != CodeTokenKind.Name)
        {
            return;
        }

        var target = text[_tokens[name].Start.._tokens[name].End];
        if (Top.Kind == FrameKind.Parentheses)
        {
            TakeOption(text, at, target);
        }
        else if (Top.Kind != FrameKind.Bare)
        {
            // What stands before the equals sign tells nothing of what is assigned.
            ref var top = ref Top;
            (top.Target, top.TargetToken, top.Facts, top.Argument) = (NameHash.Of(target), name, CodeFacts.None, CodeFacts.None);
            top.IsAddition = name == at - 2 && text[_tokens[at - 1].Start] is (byte)'+' or (byte)'.';
        }
    }

    private void TakeOption(ReadOnlySpan<byte> text, int at, ReadOnlySpan<byte> name)
    {
        Top.IsOption = !Options.IsValue(name);
        Top.Facts |= Options.Facts(name, at + 1 < _tokens.Count ? text[_tokens[at + 1].Start.._tokens[at + 1].End] : []);
    }

    private void CloseBare(ReadOnlySpan<byte> text, int at)
    {
        while (Top.Kind == FrameKind.Bare)
        {
            Close(text, at - 1);
        }
    }

    // Ends a frame whose last token is given.
    private void Close(ReadOnlySpan<byte> text, int last)
    {
        if (Top.Kind == FrameKind.Block)
        {
            EndStatement(text, last);
        }

        Top.EndArgument();
        var frame = Top;
        _frames.RemoveAt(_frames.Count - 1);
        if (frame.Callee >= 0)
        {
            Judge(text, frame.Callee, last, frame, isAssigned: false, frame.Kind == FrameKind.Bare);
            frame.Facts &= ~Cleaners.Removed(text[_tokens[frame.Callee].Start.._tokens[frame.Callee].End]);
            _closed[last] = NameOfCall(text, frame.Callee, last);
        }

        if (frame.IsComputed && (frame.Facts & CodeFacts.Decoded) != 0)
        {
            findings.Add(HiddenCall, _tokens[last].Start, _tokens[last].End);
        }

        if (frame.Kind != FrameKind.Block || !frame.HasStatements)
        {
            // "{ text: 'select ... $1', values: [x] }": a query, and values beside it.
            var isQuery = frame.HasKeys && (frame.Facts & (CodeFacts.Query | CodeFacts.BuiltQuery)) == CodeFacts.Query;
            Top.Add(isQuery ? frame.Facts & ~CodeFacts.Dynamic : frame.Facts);
        }
    }

    // What imports a module by its name stands for the module.
    private int NameOfCall(ReadOnlySpan<byte> text, int callee, int last)
    {
        var name = text[_tokens[callee].Start.._tokens[callee].End];
        var isImport = name.SequenceEqual("__import__"u8) || name.SequenceEqual("import_module"u8) || name.SequenceEqual("require"u8);
        return isImport && last > 0 && _tokens[last - 1].Kind == CodeTokenKind.Text ? last - 1 : callee;
    }

    private void EndStatement(ReadOnlySpan<byte> text, int at)
    {
        ref var top = ref Top;
        if (top.Target != 0)
        {
            Remember(ref top);

            Judge(
                text, top.TargetToken, at - 1, new Frame { Facts = top.Facts, First = top.Facts, Last = top.Facts }, isAssigned: true, isBare: false);
        }

        // The value of a block without statements, such as a literal object, is known to what stands around it.
        (top.Facts, top.Argument, top.Target) = (top.HasStatements || top.Kind == FrameKind.Program ? CodeFacts.None : top.Facts, CodeFacts.None, 0);
    }

    private void Remember(ref Frame statement)
    {
        var before = _known.GetValueOrDefault(statement.Target);
        if (statement.IsAddition)
        {
            statement.Argument |= before;
        }

        statement.EndArgument();
        var facts =
            (statement.Facts | (statement.IsAddition ? before : CodeFacts.None)) & (CodeFacts.Foreign | CodeFacts.Query | CodeFacts.BuiltQuery);
        facts |= (facts & CodeFacts.Foreign) == 0 ? statement.Facts & CodeFacts.Safe : CodeFacts.None;
        if (facts != CodeFacts.None)
        {
            _known[statement.Target] = facts;
        }
    }

    private void Judge(ReadOnlySpan<byte> text, int name, int last, in Frame given, bool isAssigned, bool isBare)
    {
        foreach (var entry in Sinks(text, name))
        {
            var sink = entry.Sink;
            findings.Steps += 1 + sink.ReceiverBytes.Length;
            if ((_language == CodeLanguages.None ? sink.NeedsLanguage : (sink.Languages & _language) == 0)
                || (sink.IsCaseSensitive && !IsSpelled(text, name, entry)))
            {
                continue;
            }

            var facts = sink.IsFirst ? given.First : sink.IsLast ? given.Last : given.Facts;
            if (sink.IsAssigned != isAssigned || (isBare && !sink.IsBare) || (facts & sink.Requires) != sink.Requires || (facts & sink.Excludes) != 0)
            {
                continue;
            }

            var rule = (facts & CodeFacts.Foreign) != 0 ? entry.Foreign
                : findings.IsWanted(entry.Dangerous) && findings.HasCommand(_tokens[name].End, _tokens[last].End) ? entry.Dangerous
                : IsDynamic(sink, facts, given.First) ? entry.Dynamic : entry.Literal;
            if (rule >= 0 && findings.IsWanted(rule) && (!isBare || BareCalls.Count(text, _tokens, _language, name, last, rule, sink)))
            {
                Report(text, name, last, rule, entry, isBare);
            }
        }
    }

    private static bool IsDynamic(CodeSink sink, CodeFacts facts, CodeFacts first) =>
        (facts & CodeFacts.Dynamic) != 0 && (!sink.IsList || (first & CodeFacts.Dynamic) != 0
            || (facts & (CodeFacts.NamesShell | CodeFacts.AsksForShell)) != 0);

    private void Report(ReadOnlySpan<byte> text, int name, int last, int rule, SinkTable.Entry entry, bool isBare)
    {
        var receiver = CallSites.Receiver(text, _tokens, name, _closed, out var hasDot);
        if (!Receivers.Accept(text, _tokens, _modules, name, receiver, hasDot, entry.Sink))
        {
            return;
        }

        var first = receiver >= 0 && receiver < name ? receiver : name;
        if (CallSites.IsDeclared(text, _tokens, first) || CallSites.IsMethod(text, _tokens, first, last + 1)
            || (!isBare && CodeCatalog.Rules[rule].Severity < FindingSeverity.High && CallSites.IsInSentence(text, _tokens, first, last + 1)))
        {
            return;
        }

        findings.Add(rule, _tokens[first].Start, _tokens[Math.Max(last, name)].End);
    }

    private bool IsSpelled(ReadOnlySpan<byte> text, int at, SinkTable.Entry entry) =>
        SinkTable.IsSpelled(entry, _modules.Original(text, text[_tokens[at].Start.._tokens[at].End]));

    private ReadOnlySpan<SinkTable.Entry> Sinks(ReadOnlySpan<byte> text, int at) =>
        SinkTable.Find(_modules.Original(text, text[_tokens[at].Start.._tokens[at].End]));

    private bool IsSymbol(ReadOnlySpan<byte> text, int at, char symbol) => Statements.IsSymbol(text, _tokens, at, symbol);
}
