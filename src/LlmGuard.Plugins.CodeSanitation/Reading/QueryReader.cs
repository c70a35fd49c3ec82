using System.Text;
using LlmGuard.Plugins.CodeSanitation.Rules;
using LlmGuard.Scanning.Lexing.Code;

namespace LlmGuard.Plugins.CodeSanitation.Reading;

/// <summary>Reads statements of SQL, by words in their order within one statement. One pass.</summary>
internal sealed class QueryReader(CodeFindings findings)
{
    // Words of one statement stand within so many words of each other.
    private const int Window = 60;

    /// <summary>Bytes before a closing quote in which the opening one is looked for.</summary>
    private const int LongestString = 200;

    private const int LongestWord = 26;

    private const int MostBlanks = 16;
    private const int LongestAccount = 8;
    private const int LongestGrant = 24;

    private static readonly int CommandShell = CodeCatalog.NumberOf("sql.command_shell");
    private static readonly int Dynamic = CodeCatalog.NumberOf("sql.dynamic");
    private static readonly int Privilege = CodeCatalog.NumberOf("sql.privilege");
    private static readonly int Stacked = CodeCatalog.NumberOf("sql.stacked");
    private static readonly int File = CodeCatalog.NumberOf("sql.file");
    private static readonly int Delay = CodeCatalog.NumberOf("sql.delay");
    private static readonly int Union = CodeCatalog.NumberOf("sql.union");
    private static readonly int Destruction = CodeCatalog.NumberOf("sql.destruction");
    private static readonly int Write = CodeCatalog.NumberOf("sql.write");
    private static readonly int ReadRule = CodeCatalog.NumberOf("sql.read");

    /// <summary>Reads a text.</summary>
    public void Read(ReadOnlySpan<byte> text)
    {
        findings.Steps += text.Length;
        var (verb, verbStart, verbAge) = (Verb.None, 0, 0);
        var (previous, previousStart) = (Word.None, 0);
        var (isStacked, isBuilt) = (false, false);
        var stackedStart = 0;
        var (single, doubled) = (new Quotes(), new Quotes());
        for (var at = 0; at < text.Length;)
        {
            if (!CodeLexer.IsNamePart(text[at]))
            {
                single.Take(text[at] == '\'', at);
                doubled.Take(text[at] == '"', at);
                isBuilt |= text[at] == '+' && IsVariableAppended(text, at);
                if (text[at] == ';')
                {
                    isStacked = IsQuotedBefore(text, at, single, doubled);
                    stackedStart = at;
                    verb = Verb.None;
                }

                at++;
                continue;
            }

            var start = at;
            while (at < text.Length && CodeLexer.IsNamePart(text[at]))
            {
                at++;
            }

            var word = Find(text[start..at]);
            verbAge++;
            if (word == Word.None)
            {
                previous = Word.None;
                isStacked = false;
                continue;
            }

            Judge(text, word, start, at, previous, previousStart, ref verb, ref verbStart, ref verbAge);
            if (isStacked && word is Word.Drop or Word.Delete or Word.Exec or Word.Insert
                or Word.Update or Word.Shutdown or Word.Truncate or Word.Alter or Word.Create)
            {
                findings.Add(Stacked, stackedStart, at);
            }

            if (word == Word.Exec && RunsBuilt(text[at..]))
            {
                findings.Add(Dynamic, start, at);
            }

            if (isBuilt && word == Word.Exec && RunsVariable(text[at..]))
            {
                findings.Add(Dynamic, start, at);
            }

            isStacked = false;
            (previous, previousStart) = (word, start);
        }

    }

    private void Judge(
        ReadOnlySpan<byte> text,
        Word word,
        int start,
        int end,
        Word previous,
        int previousStart,
        ref Verb verb,
        ref int verbStart,
        ref int verbAge)
    {
        switch (word)
        {
            case Word.CommandShell:
                findings.Add(CommandShell, start, end);
                break;
            case Word.FileFunction when end < text.Length && text[end] == '(' && (verb == Verb.Select || IsSqlPath(text[(end + 1)..])):
            case Word.OutFile when previous == Word.Into
                && text[end..].TrimStart(" \t\r\n"u8) is [(byte)'\'' or (byte)'"' or (byte)'@' or (byte)'\\', ..]:
                findings.Add(File, previousStart < start && previous == Word.Into ? previousStart : start, end);
                break;
            case Word.Delay when (previous == Word.WaitFor) || (end < text.Length && text[end] == '(' && text[start] != 'd' && text[start] != 'D'):
                findings.Add(Delay, previous == Word.WaitFor ? previousStart : start, end);
                break;
            case Word.Object when previous is Word.Drop or Word.Truncate:
                findings.Add(Destruction, previousStart, end);
                break;
            case Word.Object when previous is Word.Alter or Word.Create:
                findings.Add(Write, previousStart, end);
                break;
            case Word.Into when previous is Word.Insert or Word.Merge:
                findings.Add(Write, previousStart, end);
                break;
            case Word.From when previous == Word.Delete:
                findings.Add(Write, previousStart, end);
                break;
            case Word.From when verb == Verb.Select && verbAge <= Window:
                findings.Add(ReadRule, verbStart, end);
                verb = Verb.None;
                break;
            case Word.Set when verb == Verb.Update && verbAge <= 6:
                findings.Add(Write, verbStart, end);
                verb = Verb.None;
                break;
            case Word.Select when previous is Word.Union or Word.All:
                findings.Add(Union, previousStart, end);
                (verb, verbStart, verbAge) = (Verb.Select, start, 0);
                break;
            case Word.Select when verb == Verb.Copy && verbAge <= 2:
                // "copy (select ...) to program".
                break;
            case Word.Select:
                (verb, verbStart, verbAge) = (Verb.Select, start, 0);
                break;
            case Word.Update:
                (verb, verbStart, verbAge) = (Verb.Update, start, 0);
                break;
            case Word.ServerRole:
                findings.Add(Privilege, start, end);
                break;
            case Word.Account when previous is Word.Create or Word.Alter:
                (verb, verbStart, verbAge) = (Verb.Account, previousStart, 0);
                break;
            case Word.Superuser when verb == Verb.Account && verbAge <= LongestAccount:
                findings.Add(Privilege, verbStart, end);
                break;
            case Word.Grant when verb != Verb.Grant:
                (verb, verbStart, verbAge) = (Verb.Grant, start, 0);
                break;
            case Word.Option when verb == Verb.Grant && previous == Word.Grant && verbAge <= LongestGrant
                && text[verbStart..Math.Min(start, verbStart + LongestString)].IndexOf("*.*"u8) > 0:
                findings.Add(Privilege, verbStart, end);
                break;
            case Word.Copy:
                (verb, verbStart, verbAge) = (Verb.Copy, start, 0);
                break;
            case Word.Program when verb == Verb.Copy && verbAge <= 12 && previous is Word.From or Word.To:
                findings.Add(CommandShell, verbStart, end);
                break;
        }
    }

    // "'... where x = ' + @x": a value within the text of a statement. Names are put in brackets by quotename, and numbers hold nothing.
    private static bool IsVariableAppended(ReadOnlySpan<byte> text, int plus)
    {
        var before = text[Math.Max(0, plus - MostBlanks)..plus].TrimEnd(" \t\r\n"u8);
        var after = text.Slice(plus + 1, Math.Min(MostBlanks, text.Length - plus - 1)).TrimStart(" \t\r\n"u8);
        return before is [.., (byte)'\''] && after is [(byte)'@', not (byte)'@', ..];
    }

    // "exec(@sql)", "exec sp_executesql @sql", and no name of a procedure.
    private static bool RunsVariable(ReadOnlySpan<byte> rest)
    {
        rest = rest[..Math.Min(MostBlanks + "sp_executesql @".Length, rest.Length)].TrimStart(" \t\r\n"u8);
        if (rest is [(byte)'(', ..])
        {
            return rest[1..].TrimStart((byte)' ') is [(byte)'@', ..];
        }

        return rest.Length > "sp_executesql".Length && Ascii.EqualsIgnoreCase(rest[.."sp_executesql".Length], "sp_executesql"u8)
            && rest["sp_executesql".Length..].TrimStart((byte)' ') is [(byte)'@', ..];
    }

    // "exec('...' + @x)", "execute '...' || x", "execute format('... %s', x)": a text that is run as it is put together; "%I" and "%L" are quoted.
    private bool RunsBuilt(ReadOnlySpan<byte> rest)
    {
        rest = rest[..Math.Min(LongestString, rest.Length)];
        var argument = rest.TrimStart((byte)' ');
        var isFormat = rest is [(byte)' ', ..] && argument.Length > 7 && Ascii.EqualsIgnoreCase(argument[..7], "format("u8);
        argument = isFormat ? argument[7..] : argument;
        var isGroup = !isFormat && argument is [(byte)'(', ..];
        argument = isGroup ? argument[1..] : argument;
        if (argument is not [(byte)'\'', ..] || (!isFormat && rest.IndexOf(isGroup ? "('"u8 : " '"u8) is not (0 or 1)))
        {
            return false;
        }

        findings.Steps += argument.Length;
        var close = argument[1..].IndexOf((byte)'\'') + 1;
        if (isFormat)
        {
            return close > 0 && argument[..close].IndexOf("%s"u8) > 0;
        }

        // What is doubled stays within the text.
        while (close > 0 && close + 1 < argument.Length && argument[close + 1] == '\''
            && argument[(close + 2)..].IndexOf((byte)'\'') is >= 0 and var next)
        {
            close += 2 + next;
        }

        var after = close > 0 ? argument[(close + 1)..].TrimStart(" \t\r\n"u8) : [];
        return isGroup ? after is [(byte)'+', ..] && after[1..].TrimStart((byte)' ') is [(byte)'@', not (byte)'@', ..]
            : after is [(byte)'|', (byte)'|', ..] && after[2..].TrimStart((byte)' ') is [var name, ..] && char.IsAsciiLetter((char)name);
    }

    // Libraries call functions so, too; a server is told the whole path, in quotes or hexadecimal digits.
    private static bool IsSqlPath(ReadOnlySpan<byte> argument) =>
        argument.Length > 2 && (argument.StartsWith("0x"u8)
            || (argument[0] is (byte)'\'' or (byte)'"' && (argument[1] is (byte)'/' or (byte)'\\' || argument[2] == ':')));

    // An injected statement begins where a string or number was closed before its time.
    private static bool IsQuotedBefore(ReadOnlySpan<byte> text, int at, Quotes single, Quotes doubled)
    {
        for (var i = at - 1; i >= 0 && at - i <= 4; i--)
        {
            if (text[i] is (byte)'\'' or (byte)'"')
            {
                // A complete string before the semicolon is ordinary.
                return (text[i] == '\'' ? single : doubled).Before < i - LongestString;
            }

            if (text[i] is not ((byte)' ' or (byte)')'))
            {
                return false;
            }
        }

        return false;
    }

    /// <summary>Where the last quote of a kind stands, and the one before it.</summary>
    private struct Quotes()
    {
        public int Last = int.MinValue;
        public int Before = int.MinValue;

        public void Take(bool isQuote, int at) => (Before, Last) = isQuote ? (Last, at) : (Before, Last);
    }

    private static Word Find(ReadOnlySpan<byte> name) =>
        name.Length is >= 2 and <= LongestWord && Words.TryFind(name, out var word) ? word : Word.None;

    private static readonly NameTable<Word> Words = new(new(StringComparer.OrdinalIgnoreCase)
    {
        ["select"] = Word.Select, ["from"] = Word.From, ["insert"] = Word.Insert, ["into"] = Word.Into, ["update"] = Word.Update, ["set"] = Word.Set,
        ["delete"] = Word.Delete, ["drop"] = Word.Drop, ["truncate"] = Word.Truncate, ["alter"] = Word.Alter, ["create"] = Word.Create,
        ["union"] = Word.Union, ["all"] = Word.All, ["merge"] = Word.Merge, ["table"] = Word.Object, ["database"] = Word.Object,
        ["schema"] = Word.Object, ["view"] = Word.Object, ["procedure"] = Word.Object, ["trigger"] = Word.Object, ["xp_cmdshell"] = Word.CommandShell,
        ["sp_oacreate"] = Word.CommandShell, ["xp_regwrite"] = Word.CommandShell, ["sys_exec"] = Word.CommandShell, ["sys_eval"] = Word.CommandShell,
        ["sp_execute_external_script"] = Word.CommandShell, ["outfile"] = Word.OutFile, ["dumpfile"] = Word.OutFile,
        ["load_file"] = Word.FileFunction, ["pg_read_file"] = Word.FileFunction, ["openrowset"] = Word.FileFunction, ["waitfor"] = Word.WaitFor,
        ["delay"] = Word.Delay, ["pg_sleep"] = Word.Delay, ["benchmark"] = Word.Delay, ["copy"] = Word.Copy, ["program"] = Word.Program,
        ["to"] = Word.To, ["exec"] = Word.Exec, ["execute"] = Word.Exec, ["shutdown"] = Word.Shutdown, ["grant"] = Word.Grant,
        ["option"] = Word.Option, ["superuser"] = Word.Superuser, ["user"] = Word.Account,
        ["role"] = Word.Account, ["sp_addsrvrolemember"] = Word.ServerRole,
    });

    private enum Verb
    {
        None,
        Select,
        Update,
        Copy,
        Account,
        Grant,
    }

    private enum Word
    {
        None,
        Select,
        From,
        Insert,
        Into,
        Update,
        Set,
        Delete,
        Drop,
        Truncate,
        Alter,
        Create,
        Union,
        All,
        Merge,
        Object,
        CommandShell,
        OutFile,
        FileFunction,
        WaitFor,
        Delay,
        Copy,
        Program,
        To,
        Exec,
        Shutdown,
        Grant,
        Option,
        Superuser,
        Account,
        ServerRole,
    }
}
