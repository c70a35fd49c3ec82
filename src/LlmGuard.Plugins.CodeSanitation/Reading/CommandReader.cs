using System.Text;
using LlmGuard.Plugins.CodeSanitation.Rules;
using LlmGuard.Scanning.Lexing.Code;

namespace LlmGuard.Plugins.CodeSanitation.Reading;

/// <summary>
/// Reads command lines wherever they stand: in scripts, in strings of programs, in sentences. Quotes and parentheses only separate words, so that
/// a command within a string is read like one of its own. One pass over the words of each line.
/// </summary>
internal sealed class CommandReader(CodeFindings findings)
{
    private static readonly int DownloadAndRun = CodeCatalog.NumberOf("shell.download_and_run");
    private static readonly int DecodeAndRun = CodeCatalog.NumberOf("shell.decode_and_run");
    private static readonly int EncodedCommand = CodeCatalog.NumberOf("shell.encoded_command");
    private static readonly int ReverseShell = CodeCatalog.NumberOf("shell.reverse_shell");
    private static readonly int Destruction = CodeCatalog.NumberOf("shell.destruction");
    private static readonly int Shellshock = CodeCatalog.NumberOf("shell.shellshock");
    private static readonly int ServerInclude = CodeCatalog.NumberOf("shell.server_include");
    private static readonly int Delete = CodeCatalog.NumberOf("shell.delete");
    private static readonly int InlineCode = CodeCatalog.NumberOf("shell.inline_code");
    private static readonly int Fetch = CodeCatalog.NumberOf("shell.fetch");

    private static ReadOnlySpan<byte> UrlCache => "urlcache"u8;

    private CommandLine _line;
    private int _nextAddress;

    /// <summary>Reads a text.</summary>
    public void Read(ReadOnlySpan<byte> text)
    {
        findings.Steps += text.Length;
        (_line, _nextAddress) = (new CommandLine(), -1);
        var at = 0;
        while (at < text.Length)
        {
            var b = text[at];
            if (CommandWords.Separators.Contains(b))
            {
                TakeSeparator(text, at, b);
                at++;
                continue;
            }

            var length = text[at..].IndexOfAny(CommandWords.Separators);
            var end = length < 0 ? text.Length : at + length;
            TakeWord(text, at, end);
            at = end;
        }

        EndLine(text.Length);
    }

    private void TakeSeparator(ReadOnlySpan<byte> text, int at, byte b)
    {
        var next = at + 1 < text.Length ? text[at + 1] : 0;
        var before = at > 0 ? text[at - 1] : 0;
        switch ((char)b)
        {
            case '\n':
                // A backslash goes on in the next line, and so does a bar.
                if (before != '\\' && before != '|' && !(before == '\r' && at > 1 && text[at - 2] is (byte)'\\' or (byte)'|'))
                {
                    EndLine(at);
                }

                break;
            case '|' when before != '|' && next != '|':
                _line.NextStage();
                _line.IsPiped = true;
                break;
            case '|' or ';' or '&':
                _line.HasDuplex |= b == '&' && (before is '<' or '>' || next is '>' or '<');
                if (b != '&' || (before is not ('<' or '>') && next is not ('<' or '>')))
                {
                    _line.EndPipeline();
                }

                break;
            case '(' when before is '$' or '<' or '>' || _line.IsEvaluating:
            case '`':
                _line.HasSubstitution |= _line.EvaluatorStart >= 0;
                _line.NextStage();
                if (text[at..].StartsWith("() { :;"u8))
                {
                    findings.Add(Shellshock, at, at + 7);
                }

                break;
            case '(' or '"' or '\'' or '[':
                if (!CodeLexer.IsNamePart((byte)before) && CommandForms.IsEmptyFunction(text[at..]))
                {
                    findings.Add(Shellshock, at, at + 6);
                }
                else if (before == ':' && CommandForms.IsForkBomb(text[at..]))
                {
                    findings.Add(Destruction, at - 1, Math.Min(text.Length, at + 12));
                }

                // A string may be a command of its own.
                _line.MayBeCommand = true;
                break;
            case '<' when text[at..].StartsWith("<!--#exec"u8):
                findings.Add(ServerInclude, at, at + 9);
                break;
            case '>' when CommandForms.IsWriteToDisk(text[at..]):
                findings.Add(Destruction, at, Math.Min(text.Length, at + 12));
                break;
            case '>':
                _line.HasAppend = true;
                break;
        }
    }

    private void TakeWord(ReadOnlySpan<byte> text, int at, int end)
    {
        var word = text[at..end];
        _line.Start = _line.Start < 0 ? at : _line.Start;
        var role = CommandWords.Of(word);
        var isCommand = _line.IsFirst || _line.MayBeCommand;
        _line.MayBeCommand = false;
        _line.Any |= role;
        _line.IsShadow |= role == CommandRole.Backup && word.Length == "shadowcopy".Length;
        TakeSpecial(text, at, end, word);
        if (role.HasFlag(CommandRole.Fetcher) || Contains(word, "DownloadString"u8) || Contains(word, "DownloadData"u8))
        {
            TakeFetcher(at, end);
        }

        if (role.HasFlag(CommandRole.Interpreter) && (isCommand || _line.IsFirst))
        {
            TakeInterpreter(at, end, role);
        }

        if (role.HasFlag(CommandRole.Evaluator) && (isCommand || role.HasFlag(CommandRole.Interpreter)))
        {
            _line.EvaluatorStart = _line.EvaluatorStart < 0 ? at : _line.EvaluatorStart;
            _line.IsEvaluating |= word.Length == 3 || word.Length > 6;
        }

        if (role.HasFlag(CommandRole.Remover) && _line.RemoverStart < 0)
        {
            (_line.RemoverStart, _line.IsRecursive) = (at, false);
        }

        if (word[0] is (byte)'-' or (byte)'/' || word.IndexOf((byte)'=') > 0)
        {
            TakeFlag(at, end, word);
            if (_line.InterpreterStart >= 0 && (word.SequenceEqual("-c"u8) || word.SequenceEqual("-e"u8))
                && InlinePrograms.RunWhatTheyFetch(text, end, ref _nextAddress, findings))
            {
                findings.Add(DownloadAndRun, _line.InterpreterStart, end);
            }
        }

        TakeBackup(end, word);
        _line.IsFirst = role.HasFlag(CommandRole.Prefix)
            || (_line.IsFirst && (word.IndexOf((byte)'=') > 0 || word is [(byte)'$'] or [(byte)'#']));
        _line.LastRole = role != CommandRole.None || word[0] != '-' ? role : _line.LastRole;
        TakeTarget(text, at, end, word);
    }

    // "vssadmin delete shadows /all", "wmic shadowcopy delete": what ransomware does first.
    private void TakeBackup(int end, ReadOnlySpan<byte> word)
    {
        if (!_line.Any.HasFlag(CommandRole.Backup) || !Ascii.EqualsIgnoreCase(word, "delete"u8))
        {
            return;
        }

        _line.DeletesBackup = true;
        if (_line.IsShadow)
        {
            findings.Add(Destruction, _line.Start, end);
        }
    }

    private void TakeFetcher(int at, int end)
    {
        if (_line.HasSubstitution || (_line.IsEvaluating && _line.EvaluatorStart >= 0))
        {
            findings.Add(DownloadAndRun, _line.EvaluatorStart, end);
        }

        _line.FetcherStart = _line.FetcherStart < 0 ? at : _line.FetcherStart;
        findings.Add(Fetch, at, end);
    }

    private void TakeInterpreter(int at, int end, CommandRole role)
    {
        if (_line.IsPiped && _line.FetcherStart >= 0)
        {
            findings.Add(DownloadAndRun, _line.FetcherStart, end);
        }

        if (_line.IsPiped && _line.DecoderStart >= 0)
        {
            findings.Add(DecodeAndRun, _line.DecoderStart, end);
        }

        _line.InterpreterStart = at;
        _line.IsPowerShell |= role.HasFlag(CommandRole.PowerShell);
    }

    private void TakeFlag(int at, int end, ReadOnlySpan<byte> flag)
    {
        if (_line.LastRole.HasFlag(CommandRole.Decoder) && CommandForms.IsDecodeFlag(flag))
        {
            _line.DecoderStart = _line.Start;
            if (_line.HasSubstitution)
            {
                findings.Add(DecodeAndRun, _line.EvaluatorStart, end);
            }
        }

        if (_line.IsPowerShell && CommandForms.IsEncodedFlag(flag))
        {
            _line.EncodedStart = _line.InterpreterStart;
        }

        if (flag.Length == UrlCache.Length + 1 && Ascii.EqualsIgnoreCase(flag[1..], UrlCache))
        {
            // certutil fetches so, which it was not made for.
            findings.Add(DownloadAndRun, _line.Start, end);
        }

        if ((_line.DeletesBackup && flag[0] == '/') || (_line.HasDrive && CommandForms.IsFormatFlag(flag)))
        {
            findings.Add(Destruction, _line.Start, end);
        }

        if (_line.RemoverStart >= 0 && flag[0] == '-')
        {
            _line.IsRecursive |= flag.StartsWith("--"u8) ? flag.SequenceEqual("--recursive"u8) : flag.IndexOfAny("rR"u8) > 0;
            if (flag.SequenceEqual("--no-preserve-root"u8))
            {
                findings.Add(Destruction, _line.RemoverStart, end);
            }
        }

        if (_line.RemoverStart >= 0 && (Ascii.EqualsIgnoreCase(flag, "/s"u8) || Ascii.EqualsIgnoreCase(flag, "/q"u8)))
        {
            _line.IsRecursive = true;
        }

        if (flag[0] == '-' && flag.Length <= 6)
        {
            _line.HasExecFlag |= (_line.Any.HasFlag(CommandRole.Connector) && flag.IndexOfAny("ec"u8) > 0)
                || Ascii.EqualsIgnoreCase(flag, "-exec"u8);
            _line.IsInteractive |= _line.InterpreterStart >= 0 && flag.IndexOf((byte)'i') > 0;
            if (_line.InterpreterStart >= 0 && (flag.SequenceEqual("-c"u8) || flag.SequenceEqual("-e"u8)))
            {
                findings.Add(InlineCode, _line.InterpreterStart, end);
            }
        }

        if (_line.Any.HasFlag(CommandRole.Formatter) && flag.StartsWith("of=/dev/"u8) && !flag.SequenceEqual("of=/dev/null"u8))
        {
            findings.Add(Destruction, _line.Start, end);
        }
    }

    private void TakeTarget(ReadOnlySpan<byte> text, int at, int end, ReadOnlySpan<byte> word)
    {
        if (_line.EncodedStart >= 0 && word.Length >= 16 && word.IndexOfAnyExceptInRange((byte)'+', (byte)'z') < 0)
        {
            findings.Add(EncodedCommand, _line.EncodedStart, end);
            _line.EncodedStart = -1;
        }

        if (_line.RemoverStart >= 0 && at > _line.RemoverStart && word[0] != '-')
        {
            var isDestructive = _line.IsRecursive && CommandPaths.IsRoot(word) && !IsTail(text, at, end);
            findings.Add(isDestructive ? Destruction : Delete, _line.RemoverStart, end);
        }

        if (_line.Any.HasFlag(CommandRole.Formatter))
        {
            _line.HasDrive |= CommandForms.IsDriveToFormat(text, at, word);
            if (CommandPaths.IsDisk(word))
            {
                findings.Add(Destruction, _line.Start, end);
            }
        }

        if (_line.HasExecFlag && CommandWords.Of(word).HasFlag(CommandRole.Interpreter) && at > _line.Start)
        {
            findings.Add(ReverseShell, _line.Start, end);
        }
    }

    private void TakeSpecial(ReadOnlySpan<byte> text, int at, int end, ReadOnlySpan<byte> word)
    {
        if (!CommandWords.MayBeSpecial(word))
        {
            return;
        }

        if (CommandPaths.IsSocket(word))
        {
            _line.HasSocket = true;
            _line.SocketEnd = end;
        }

        if (_line.Any.HasFlag(CommandRole.Host) && (word.IndexOf("://"u8) >= 0 || Contains(word, "javascript:"u8)))
        {
            findings.Add(DownloadAndRun, _line.Start, end);
        }

        if (Contains(word, "currentversion\\run"u8) || Contains(word, "currentversion\\\\run"u8))
        {
            _line.StartupEnd = end;
        }

        _line.HasFifo |= word.SequenceEqual("mkfifo"u8) || word.SequenceEqual("mknod"u8);
        if (_line.Any.HasFlag(CommandRole.Connector) && Contains(word, "exec:"u8))
        {
            findings.Add(ReverseShell, _line.Start, end);
        }

        var isKey = CommandPaths.IsKey(word);
        if (isKey || CommandPaths.IsAccounts(word))
        {
            _line.HasKey |= isKey;
            _line.KeyEnd = end;
        }

        if (CommandPaths.IsPersistent(word))
        {
            _line.PersistenceEnd = end;
        }

        _line.ProfileEnd = CommandPaths.IsProfile(word) ? end : _line.ProfileEnd;
    }

    private void EndLine(int end)
    {
        if (_line.Start >= 0)
        {
            CommandPipes.Judge(ref _line, end, findings);
        }

        _line = new CommandLine();
    }

    // What stands directly behind a closing quote goes on with what was in it.
    private static bool IsTail(ReadOnlySpan<byte> text, int at, int end) =>
        at > 1 && text[at - 1] is (byte)'"' or (byte)'\'' && (end >= text.Length || text[end] != text[at - 1])
            && !CommandWords.Separators.Contains(text[at - 2]);

    private static bool Contains(ReadOnlySpan<byte> word, ReadOnlySpan<byte> part)
    {
        for (var at = 0; at <= word.Length - part.Length && at < 64; at++)
        {
            if (Ascii.EqualsIgnoreCase(word.Slice(at, part.Length), part))
            {
                return true;
            }
        }

        return false;
    }
}
