using System.Buffers;
using LlmGuard.Plugins.InjectionProtection.Rules;
using LlmGuard.Scanning;
using LlmGuard.Scanning.Lexing;
using LlmGuard.Scanning.Lexing.Shell;
using static LlmGuard.Plugins.InjectionProtection.Web.Shell.CommandArguments;

namespace LlmGuard.Plugins.InjectionProtection.Web.Shell;

/// <summary>
/// Looks for commands of shells where a shell would run them: behind separators, in substitutions, and at the start of a value with arguments of a
/// command.
/// </summary>
internal static class CommandDetector
{
    /// <summary>Most signs in a row that are passed over, so that every place is looked at a bounded number of times.</summary>
    private const int MostSigns = 8;

    private const int LongestWord = 64;
    private const int LongestLine = 256;

    private static readonly SearchValues<byte> Separators = SearchValues.Create(";|&`\n$(){=<>\r"u8);
    private static readonly SearchValues<byte> WriteSigns = SearchValues.Create(">;|&<\n"u8);
    private static readonly SearchValues<byte> PatternEnds = SearchValues.Create(" \t\r\n;&`"u8);
    private static readonly SearchValues<byte> CommandBytes = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-_./"u8);

    private static readonly WordTable<bool> Filters = new(("grep egrep fgrep wc sort uniq head tail jq cut tr less more column nl rev", true));

    public static void Find(ReadOnlySpan<byte> text, HitList hits)
    {
        hits.Steps += text.Length;
        var isLine = AtStart(text, hits);
        if (BatchStatements.Begins(text) is > 0 and var end)
        {
            hits.Add(InjectionRules.CommandLine, 0, end);
        }

        var documents = 0;
        for (var at = 0; at < text.Length; at++)
        {
            var next = text[at..].IndexOfAny(Separators);
            if (next < 0)
            {
                break;
            }

            at += next;
            if (isLine && text[at] == '<' && documents < MostSigns && text[at..].StartsWith("<<"u8))
            {
                documents++;
                hits.Steps += LongestLine;
                if (HereDocument.End(text, at) is > 0 and var body)
                {
                    hits.Steps += body - at;
                    at = body - 1;
                    continue;
                }
            }

            AtSeparator(text, at, isLine, hits);
        }
    }

    // Whether the text as a whole is a command line, so that what follows a separator is a part of it and broke out of nothing.
    private static bool AtStart(ReadOnlySpan<byte> text, HitList hits)
    {
        var start = SkipBlanks(text, 0);
        if (text is [(byte)'>', ..] && text.Length < LongestLine && text[SkipBlanks(text, 1)..] is [(byte)'/', not (byte)'>', ..] target
            && !target.Contains((byte)' '))
        {
            // "> /tmp/x": what the command before the value says is written into a file.
            hits.Add(InjectionRules.CommandLine, 0, text.Length);
        }

        var begin = CommandLines.Begin(text);
        if (begin > 0)
        {
            start = SkipBlanks(text, begin);
        }

        hits.Steps += Math.Min(text.Length, LongestLine);
        var isCall = CommandLines.IsCall(text, start);
        start = start < text.Length && text[start] is (byte)'\'' or (byte)'"' or (byte)')' ? SkipBlanks(text, start + 1) : start;
        var command = ShellWords.Read(text, start, out var end, out var isDisguised);
        if (ShellForms.Begins(text, start) is > 0 and var form)
        {
            hits.Add(InjectionRules.CommandLine, start, form);
        }

        if (command == ShellCommand.None || IsAddress(text, start, end))
        {
            return begin > 0 || isCall || CommandLines.IsOwnProgram(text, start);
        }

        if (isDisguised)
        {
            hits.Add(InjectionRules.CommandEvasion, start, end);
            return false;
        }

        if (begin == 0 && text[0] is (byte)'\'' or (byte)'"' or (byte)')' && IsCutOff(text, end))
        {
            // "'uname >x #": a quote that closes the argument of the program's own command, and what it writes behind it is a remark.
            hits.Add(InjectionRules.CommandLine, 0, end);
        }

        var isRight = IsArguments(text, end, 2);
        var isProgram = command == ShellCommand.Interpreter && isRight && text[SkipBlanks(text, end)..] is [(byte)'-', (byte)'c' or (byte)'e', ..]
            && !Mention.IsSubject(text, SkipBlanks(text, end) + 2);
        if (begin == 0 && end < text.Length && text.Length < 512 && (command == ShellCommand.Word ? isRight
            && text[SkipBlanks(text, end)] != '-' && !IsOwnPlace(text, start, end)
            : isProgram || (ReachesOut(text, end, hits) && !CommandLines.IsScratch(text, start, end)))
            && !Mention.GoesOnBehindPath(text, SkipBlanks(text, end)))
        {
            hits.Add(InjectionRules.CommandLine, start, end);
        }

        return (command != ShellCommand.Interpreter || CommandLines.IsOwnScript(text, end)) && (start < 2 || begin > 0) && end < text.Length
            && text[end] == ' ';
    }

    // "cd ~/projects", "cd $dir": where one goes, and nothing that is read there; "echo $(x)": what it runs is judged where it begins.
    private static bool IsOwnPlace(ReadOnlySpan<byte> text, int start, int end) => text[SkipBlanks(text, end)..] is [(byte)'$', (byte)'(', ..]
        || (text[start..end].SequenceEqual("cd"u8) && text[SkipBlanks(text, end)..] is [(byte)'~', (byte)'/', ..] or [(byte)'$', ..]);

    // "/orders?$filter=...": a path and its query, and no pattern of files.
    private static bool IsAddress(ReadOnlySpan<byte> text, int start, int end)
    {
        if (text[start] != '/' || text[end - 1] != '?' || end >= text.Length || text[end] != '$')
        {
            return false;
        }

        var name = text[(end + 1)..];
        var length = name[..Math.Min(LongestWord, name.Length)].IndexOfAnyExceptInRange((byte)'a', (byte)'z');
        return length > 0 && name[length] == '=';
    }

    private static void AtSeparator(ReadOnlySpan<byte> text, int at, bool isLine, HitList hits)
    {
        var separator = text[at];
        var start = SkipBlanks(text, at + 1);
        hits.Steps += start - at;
        switch (separator)
        {
            case (byte)'$' when start == at + 1 && start < text.Length && text[start] == '(':
            case (byte)'<' or (byte)'>' when start == at + 1 && start < text.Length && text[start] == '(':
                if (CommandLines.IsProperty(text, at))
                {
                    return;
                }

                start = SkipBlanks(text, start + 1);
                hits.Steps += Mention.Longest;

                // Command lines of their own take the date as they take a variable; names that are nothing but commands are asked for by attacks.
                if (ShellWords.Read(text, start, out var inner, out var isHidden) is var named && named != ShellCommand.None
                    && !(named == ShellCommand.Word && CodeSpans.IsQuotation(text, at) && Mention.GoesOnBehindCall(text, inner)
                        && !ReachesOut(text, inner, hits))
                    && !(isLine && (named == ShellCommand.Word || IsOfFolder(text[start..inner])) && !isHidden && !ReachesOut(text, inner, hits))
                    && !(inner < text.Length && text[inner] == ')' && CodeSpans.IsQuotation(text, at) && text[start..inner] is var asked
                        && (asked.SequenceEqual("pwd"u8) || asked.SequenceEqual("date"u8))))
                {
                    hits.Add(InjectionRules.CommandSubstitution, at, inner);
                }

                return;
            case (byte)'$' when text[at..].StartsWith("${ifs"u8) || text[at..].StartsWith("$ifs"u8):
                hits.Add(InjectionRules.CommandEvasion, at, at + 4);
                return;
            case (byte)'$' when IsLetterOfVariable(text, at):
                hits.Add(InjectionRules.CommandEvasion, at, at + 2);
                return;
            case (byte)'`' when text.Length < 256 && (at == 0 || text[at - 1] != '`') && IsCommand(text, start, out var quoted, 1)
                && text[start..].IndexOf((byte)'`') is >= 0 and < 256:
                // Prose quotes the names of commands, which then end with the quote; a command has arguments.
                if (quoted < text.Length && (text[quoted] != '`' || (text.Length < 64 && !CodeSpans.IsSubject(text, at, quoted)))
                    && !CodeSpans.IsNone(text, at)
                    && (!(CodeSpans.IsQuotation(text, at) || CodeSpans.IsTold(text, at)) || ReachesOut(text, quoted, hits)))
                {
                    hits.Add(InjectionRules.CommandSubstitution, at, quoted);
                }

                return;
            case (byte)'`' when text.Length < 256 && start == at + 1 && at > 0 && AsciiByte.IsAlphanumeric(text[at - 1])
                && IsOptioned(text, start) is > 0 and var hung:
                // "pool.ntp.org`telnetd -l`": prose quotes nothing in the middle of a word.
                hits.Add(InjectionRules.CommandSubstitution, at, hung);
                return;
            case (byte)'{' when ShellWords.Read(text, start, out var brace, out _) is ShellCommand.Program or ShellCommand.Interpreter
                && brace + 1 < text.Length && text[brace] == ',' && text[brace + 1] != ' ':
                hits.Add(InjectionRules.CommandEvasion, at, brace);
                return;
            case (byte)'(' when at + 8 < text.Length && text[at..].StartsWith("() {"u8) && !IsNamed(text, at)
                && text.Slice(at, Math.Min(34, text.Length - at)).IndexOf("};"u8) > 0:
                hits.Add(InjectionRules.CommandShell, at, at + 4);
                return;
            case (byte)'|' when at + 1 < text.Length && text[at + 1] == '\'' && text[0] is (byte)'=' or (byte)'+' or (byte)'-' or (byte)'@'
                && text[at..].IndexOf("'!"u8) is > 0 and < 256 and var cell:
                // A spreadsheet asks a program for the content of a cell.
                hits.Add(InjectionRules.CommandCall, 0, at + cell + 2);
                return;
            case (byte)';' or (byte)'|' or (byte)'&' or (byte)'\n' or (byte)'\r':
                AfterChain(text, at, start, isLine, hits);
                return;
        }
    }

    private static void AfterChain(ReadOnlySpan<byte> text, int at, int start, bool isCommandLine, HitList hits)
    {
        var (from, separator) = (start, text[at]);
        if (separator == '&' && at > 1 && text[at - 1] == '(' && AsciiByte.IsAlphanumeric(text[at - 2]) && start == at + 1)
        {
            // "f(&x)": where something is, to a program.
            return;
        }

        for (var i = 0; i < MostSigns && start < text.Length && text[start] is (byte)'|' or (byte)'&' or (byte)';' or (byte)'(' or (byte)'{'; i++)
        {
            start = SkipBlanks(text, start + 1);
        }

        var command = ShellWords.Read(text, start, out var end, out var isDisguised);
        hits.Steps += end - from;
        if (command == ShellCommand.None && SkipUnset(text, start) is var named && named > start
            && ShellWords.Read(text, named, out var unset, out _) != ShellCommand.None && IsArguments(text, unset, 1))
        {
            hits.Add(InjectionRules.CommandEvasion, at, unset);
            return;
        }

        if (command == ShellCommand.None && ShellVariables.IsCommand(text, start, at))
        {
            hits.Add(InjectionRules.CommandEvasion, at, start + 1);
            return;
        }

        if (command == ShellCommand.None && !isCommandLine && text.Length < 256 && text[at] is not ((byte)'\n' or (byte)'\r')
            && IsOptioned(text, start) is > 0 and var option)
        {
            hits.Add(InjectionRules.CommandChain, at, option);
            return;
        }

        if (command == ShellCommand.None || (end < text.Length && text[end] is (byte)'=' or (byte)'(' or (byte)':' || (end < text.Length
            && text[end] == ',' && text[at] == ';')))
        {
            return;
        }

        if (separator == '|' && from == at + 1 && IsAlternative(text, at, end, hits))
        {
            return;
        }

        hits.Steps += Mention.Longest + LongestLine;
        if (!isDisguised && (Mention.IsSubject(text, end)
            || (command != ShellCommand.Interpreter && CodeSpans.IsInSpan(text, at) && !ReachesOut(text, end, hits))))
        {
            // "ls; pwd; whoami are commands", "use `git status; git diff` first": told, and not given.
            return;
        }

        hits.Steps += command == ShellCommand.Interpreter ? CommandLines.LongestScript + Enumerations.Longest : 0;
        if (command == ShellCommand.Interpreter && ((separator == '&' && CommandLines.IsOwnScript(text, end))
            || Enumerations.IsVersion(text, end) || Enumerations.IsKinds(text, separator)))
        {
            // A program of the caller's own folder is what the caller made it; and what a list of languages names is called nothing.
            return;
        }

        if (isCommandLine && (command != ShellCommand.Interpreter || CommandLines.IsOwnScript(text, end)) && !isDisguised
            && !ReachesOut(text, end, hits))
        {
            return;
        }

        var isFirst = text[..at].Trim(" '\")"u8).IsEmpty;
        if (separator == '|' && from == start && !isFirst && !isDisguised && Filters.Contains(text[start..end]) && !ReachesOut(text, end, hits))
        {
            // Reads what stands before it, and nothing else.
            return;
        }

        var isLine = separator is (byte)'\n' or (byte)'\r';
        var isEnd = end >= text.Length || text[end]
            is (byte)';' or (byte)'|' or (byte)'&' or (byte)'`' or (byte)'\n' or (byte)'\'' or (byte)'"' or (byte)')' or (byte)'#' or (byte)'%'
            || (text.Length - end <= MostSigns && text[end..].Trim((byte)' ').IsEmpty);
        var isStrong = command != ShellCommand.Word;
        var isAlone = isFirst && !isLine && ((isStrong && end < text.Length && text[end] == ' ') || ReachesOut(text, end, hits));
        var isShort = text.Length < 64;
        var isEnded = isEnd && ((isStrong && (!isLine || isShort)) || (separator == '|' && isShort && (isFirst || start == at + 1)));
        if (isDisguised || (IsArguments(text, end, isStrong && !isLine ? 1 : 2) && (!isLine || text.Length < 256)) || isEnded || isAlone
            || (!isLine && (IsCutOff(text, end) || WritesFile(text, end))))
        {
            hits.Steps += Math.Min(text.Length, Enumerations.Longest);
            if (isDisguised || !(Enumerations.IsFlat(text, start, end) || Enumerations.IsList(text, separator)))
            {
                hits.Add(isDisguised ? InjectionRules.CommandEvasion : InjectionRules.CommandChain, at, end);
            }
        }
    }

    // "; del x #", "& rm x & rem": what a program writes behind the value is made a remark, which nobody does who lists words.
    private static bool IsCutOff(ReadOnlySpan<byte> text, int end)
    {
        if (end >= text.Length || text[end] != ' ' || text.Length - end > LongestLine)
        {
            return false;
        }

        var rest = text[end..].TrimEnd((byte)' ');
        return rest.EndsWith(" #"u8) || rest.EndsWith("&rem"u8) || rest.EndsWith("& rem"u8) || rest.EndsWith("|rem"u8);
    }

    // "|| echo x >>y": the words of the command, and a file that they are written into.
    private static bool WritesFile(ReadOnlySpan<byte> text, int end)
    {
        var rest = text.Slice(end, Math.Min(LongestLine, text.Length - end));
        var sign = rest.IndexOfAny(WriteSigns);
        if (sign < 1 || rest[sign] != '>' || rest[sign - 1] != ' ')
        {
            return false;
        }

        rest = rest[(sign + 1)..];
        rest = rest is [(byte)'>', ..] ? rest[1..] : rest;
        return rest is [(byte)'/' or (byte)'.' or (>= (byte)'a' and <= (byte)'z'), (>= (byte)'a' and <= (byte)'z') or (byte)'/' or (byte)'.', ..];
    }

    // "$u cat x": a variable that nobody has set is nothing, and the next word is the command.
    private static int SkipUnset(ReadOnlySpan<byte> text, int start)
    {
        if (start + 1 >= text.Length || text[start] != '$' || !AsciiByte.IsLetter(text[start + 1]))
        {
            return start;
        }

        var name = text.Slice(start + 1, Math.Min(LongestWord, text.Length - start - 1));
        var length = name.IndexOfAnyExceptInRange((byte)'a', (byte)'z');
        var next = length < 0 ? start : SkipBlanks(text, start + 1 + length);
        return next > start + 1 + length ? next : start;
    }

    // "(https?|ftp)": one of the alternatives of a pattern, of which a group of commands would have made the first a command as well.
    private static bool IsAlternative(ReadOnlySpan<byte> text, int at, int end, HitList hits)
    {
        var before = text[Math.Max(0, at - LongestWord)..at];
        hits.Steps += before.Length;
        before = before[(before.LastIndexOfAny(PatternEnds) + 1)..];
        var open = before.LastIndexOf((byte)'(');
        return open >= 0 && open < before.Length - 1 && end < text.Length && text[end] is (byte)')' or (byte)'|'
            && (open == 0 || before[open - 1] is not ((byte)'$' or (byte)'<' or (byte)'>'))
            && ShellWords.Read(before, open + 1, out _, out _) == ShellCommand.None;
    }

    // "function f() {": a function that a program declares. The one that a shell is made to read has no name before it.
    private static bool IsNamed(ReadOnlySpan<byte> text, int at) =>
        text[Math.Max(0, at - MostSigns)..at].TrimEnd((byte)' ') is [.., var before]
        && (AsciiByte.IsAlphanumeric(before) || before is (byte)'_' or (byte)'$');

    // Where the caller stands, and what its own project says of itself.
    private static bool IsOfFolder(ReadOnlySpan<byte> name) => name.SequenceEqual("pwd"u8) || name.SequenceEqual("git"u8)
        || name.SequenceEqual("npm"u8)
        || name.SequenceEqual("basename"u8) || name.SequenceEqual("dirname"u8);

    // "${HOME:0:1}etc": one letter of a variable as a part of a name.
    private static bool IsLetterOfVariable(ReadOnlySpan<byte> text, int at)
    {
        var rest = text.Slice(at, Math.Min(LongestWord, text.Length - at));
        var end = rest.IndexOf((byte)'}');
        return rest.Length > 1 && rest[1] == '{' && end > 0 && end + 1 < rest.Length && AsciiByte.IsLetter(rest[end + 1])
            && rest[..end] is [.., (byte)':', (byte)'1'] && rest[..end].IndexOf((byte)':') is > 2 and var first && first < end - 2
            && AsciiByte.IsDigit(rest[first + 1]);
    }

    // "perf --version": whatever it is called, it is given an option as a program is.
    private static int IsOptioned(ReadOnlySpan<byte> text, int start)
    {
        var name = text.Slice(start, Math.Min(LongestWord, text.Length - start));
        var end = name.IndexOfAnyExcept(CommandBytes);
        if (end < 2 || !AsciiByte.IsLetter(name[0]) || name[end] != ' ')
        {
            return 0;
        }

        var option = text[(start + end + 1)..];
        option = option[..Math.Min(LongestWord, option.Length)];
        var length = option.IndexOf((byte)' ');
        option = length < 0 ? option : option[..length];
        var isLong = option is [(byte)'-', (byte)'-', >= (byte)'a' and <= (byte)'z', .., not (byte)','];
        return isLong || option is [(byte)'-', >= (byte)'a' and <= (byte)'z'] ? start + end + 1 + option.Length : 0;
    }

    private static bool IsCommand(ReadOnlySpan<byte> text, int start, out int end, int need) =>
        ShellWords.Read(text, start, out end, out var isDisguised) is var command && command != ShellCommand.None && (isDisguised
            || command != ShellCommand.Word || IsArguments(text, end, need));
}
