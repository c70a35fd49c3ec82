using System.Buffers;
using System.Runtime.CompilerServices;
using System.Text;
using LlmGuard.Plugins.CodeSanitation.Rules;
using LlmGuard.Scanning.Lexing.Code;

namespace LlmGuard.Plugins.CodeSanitation.Triggers;

/// <summary>
/// Tells which readers can find anything in a text that one of the asked rules is about, so that prose and most programs cost one look. Says
/// "perhaps" too often and "no" never wrongly, which a law of the tests holds it to. Immutable.
/// </summary>
internal sealed partial class CodeTriggers
{
    private const int LongestTypeArguments = 256;
    private const int LongestVariable = 128;

    private const CodeLanguages RunQuotes = CodeLanguages.Php | CodeLanguages.Ruby | CodeLanguages.Shell;

    private static readonly SearchValues<byte> Signs = SearchValues.Create("(=;&`<"u8);
    private static readonly SearchValues<byte> Hiding = SearchValues.Create("\"'`/#\\"u8);

    private static readonly ConditionalWeakTable<int[], CodeTriggers> Made = [];

    private readonly CallNames _calls;
    private readonly CallNames _foreignCalls;
    private readonly CallNames _assigned;
    private readonly SinkCalls _sinks;
    private readonly TriggerWords _words;
    private readonly (CodeReaders Readers, CodeLanguages Languages, TriggerPlace Place)[][] _places;
    private readonly byte[][] _exact;
    private readonly bool _wantsCommands;
    private readonly bool _wantsPlainCommands;
    private readonly bool _wantsStacked;
    private readonly bool _wantsHidden;
    private readonly bool _wantsMarkup;
    private readonly bool _wantsVariables;
    private readonly CodeReaders _ofJoined;

    private CodeTriggers(bool[] wanted)
    {
        var sinks = CodeCatalog.Sinks
            .Select(s => (Sink: s, Own: Wanted(wanted, s.Id) || Wanted(wanted, s.Id + ".dynamic"), Foreign: Wanted(wanted, s.Id + ".untrusted")))
            .Where(s => s.Own || s.Foreign).ToArray();
        var bare = sinks.Where(s => s.Sink.IsBare)
            .SelectMany(s => s.Sink.NameList.Select(name =>
                new Trigger(name.ToLowerInvariant(), PlaceOf(s.Sink, name, s.Own), CodeReaders.Programs) { Languages = s.Sink.Languages }));
        _calls = new CallNames(sinks.Where(s => s.Own && !s.Sink.IsAssigned).SelectMany(s => s.Sink.NameList));
        _foreignCalls = new CallNames(sinks.Where(s => !s.Own && !s.Sink.IsAssigned).SelectMany(s => s.Sink.NameList));
        _assigned = new CallNames(sinks.Where(s => s.Sink.IsAssigned).SelectMany(s => s.Sink.NameList));
        _sinks = new SinkCalls(wanted);
        var wantsDangerous = DangerousCommands.AreWanted(rule => wanted[rule]);

        // A command that counts only as part of a call takes both readers.
        CodeReaders ReadersFor(string id) => Wanted(wanted, id) ? StructureTriggers.ReaderOf(id)
            : wantsDangerous && DangerousCommands.Ids.Contains(id) ? CodeReaders.Commands | CodeReaders.Programs : CodeReaders.None;

        var texts = bare.Concat(StructureTriggers.Of(ReadersFor))
            .Append(new Trigger("import", TriggerPlace.Renaming, CodeReaders.Programs)).GroupBy(t => t.Text).ToArray();
        _places =
        [
            .. texts.Select(text => text.GroupBy(t => (t.Readers, t.Languages)).Select(of => (of.Key.Readers, of.Key.Languages, Weakest(of))).ToArray()),
        ];
        _words = new TriggerWords([.. texts.Select((text, n) => (text.Key, _places[n].Any(p => IsOfSigns(p.Place))))]);
        _exact = [.. texts.Select(text => Encoding.ASCII.GetBytes(text.Key))];
        _wantsPlainCommands = Wanted(wanted, "command");
        _wantsCommands = _wantsPlainCommands || Wanted(wanted, "command.dynamic") || Wanted(wanted, "command.untrusted");
        _wantsStacked = Wanted(wanted, "sql.stacked");
        _wantsHidden = Wanted(wanted, "javascript.hidden_call");
        _wantsVariables = Wanted(wanted, "php.evaluation.untrusted");
        _wantsMarkup = Wanted(wanted, "html.event_handler");
        _ofJoined = ReadersFor("shell.reverse_shell");
    }

    /// <summary>The triggers of some rules.</summary>
    /// <param name="rules">For each rule its number in the plan, or -1; the same array each time for the same rules.</param>
    public static CodeTriggers Of(int[] rules) => Made.GetValue(rules, static r => new CodeTriggers([.. r.Select(number => number >= 0)]));

    /// <summary>The readers that may find something in a text, and the parts in which the reader of programs may do so.</summary>
    /// <param name="text">The text.</param>
    /// <param name="scratch">What it works with. Receives the parts, see <see cref="TriggerScratch.Programs"/>.</param>
    /// <param name="steps">Increased by the bytes looked at.</param>
    public CodeReaders ReadersOf(ReadOnlySpan<byte> text, TriggerScratch scratch, ref long steps)
    {
        steps += 2 * text.Length;
        scratch.Split(text, _words, ref steps);
        var parts = scratch.Parts;
        if (parts is [var only] && only.Start == 0 && only.End == text.Length)
        {
            var readers = ReadersOf(text, 0, CodeReaders.All, CodeLanguages.None, scratch, ref steps);
            scratch.TakePart(0, (readers & CodeReaders.Programs) != CodeReaders.None);
            return readers;
        }

        // What is known of one part is forgotten in the next, so that each is asked for by itself.
        var found = ReadersOf(text, 0, CodeReaders.All & ~CodeReaders.Programs, CodeLanguages.None, scratch, ref steps);
        for (var i = 0; i < parts.Count; i++)
        {
            var (start, end) = (parts[i].Start, parts[i].End);
            steps += end - start;
            var mayHold = ReadersOf(text[start..end], start, CodeReaders.Programs, parts[i].Language, scratch, ref steps);
            scratch.TakePart(i, mayHold != CodeReaders.None);
            found |= mayHold;
        }

        return found;
    }

    // Of a text or a part of one, which begins at an offset of the text.
    private CodeReaders ReadersOf(
        ReadOnlySpan<byte> text, int offset, CodeReaders asked, CodeLanguages fence, TriggerScratch scratch, ref long steps)
    {
        scratch.Start();

        // What is known to be a program of one language holds sinks of that one only.
        var languages = fence is CodeLanguages.None or CodeLanguages.Sql or CodeLanguages.Html ? CodeLanguages.All : fence;

        // Most prose has none of the signs: then it is asked for its words alone.
        var sign = text.IndexOfAny(Signs);
        var found = sign < 0 ? CodeReaders.None : BySigns(text, sign, asked, languages, scratch, ref steps);
        found |= ByWords(text, scratch.SignsIn(offset, text.Length), offset, asked & ~found, languages, scratch, ref steps);
        found |= ByWords(text, scratch.WordsIn(offset, text.Length), offset, asked & ~found, languages, scratch, ref steps);
        return sign < 0 ? found : found | ByRest(text, sign, asked & ~found, fence, scratch, ref steps);
    }

    private CodeReaders ByRest(
        ReadOnlySpan<byte> text, int from, CodeReaders asked, CodeLanguages fence, TriggerScratch scratch, ref long steps)
    {
        var rest = text[from..];
        var found = CodeReaders.None;
        if ((asked & CodeReaders.Programs) != CodeReaders.None
            && ((_wantsCommands && rest.Contains((byte)'`') && MayRunQuotes(text, fence, scratch, ref steps)) || HasGluedStart(rest)))
        {
            found = CodeReaders.Programs;
        }

        return (asked & CodeReaders.Markup) != CodeReaders.None && _wantsMarkup && AnyTag(rest) ? found | CodeReaders.Markup : found;
    }

    // Between back quotes a value counts that is written there, and a command as it is only if that is asked for. In scripts of a shell only what is
    // foreign counts.
    private bool MayRunQuotes(ReadOnlySpan<byte> text, CodeLanguages fence, TriggerScratch scratch, ref long steps)
    {
        if ((fence & ~RunQuotes) != CodeLanguages.None
            || (!_wantsPlainCommands && !text[text.IndexOf((byte)'`')..].ContainsAny((byte)'{', (byte)'$') && !scratch.HasForeign(text, ref steps)))
        {
            return false;
        }

        return fence switch
        {
            CodeLanguages.None => LanguageGuess.MayBe(text, RunQuotes) && (LanguageGuess.Of(text) & RunQuotes) != CodeLanguages.None,
            CodeLanguages.Shell => scratch.HasForeign(text, ref steps),
            _ => true,
        };
    }

    private CodeReaders BySigns(
        ReadOnlySpan<byte> text, int from, CodeReaders asked, CodeLanguages languages, TriggerScratch scratch, ref long steps)
    {
        asked &= CodeReaders.Programs | (_wantsStacked ? CodeReaders.Queries : CodeReaders.None) | _ofJoined;
        var found = CodeReaders.None;
        for (var at = from; at < text.Length && asked != CodeReaders.None; at++)
        {
            var next = (asked & CodeReaders.Programs) != CodeReaders.None ? text[at..].IndexOfAny("(=;&"u8) : text[at..].IndexOfAny(";&"u8);
            if (next < 0)
            {
                break;
            }

            at += next;
            var reader = text[at] switch
            {
                (byte)'(' => IsCall(text, at, languages, scratch, ref steps) ? CodeReaders.Programs : CodeReaders.None,
                (byte)'=' => IsAssigned(text, at, ref steps) ? CodeReaders.Programs : CodeReaders.None,
                (byte)';' => _wantsStacked && IsStacked(text, at) ? CodeReaders.Queries : CodeReaders.None,
                _ => text[Math.Max(0, at - 1)..Math.Min(text.Length, at + 2)].ContainsAny((byte)'<', (byte)'>') ? _ofJoined
                    : CodeReaders.None,
            } & asked;
            (found, asked) = (found | reader, asked & ~reader);
        }

        return found;
    }

    private bool IsCall(ReadOnlySpan<byte> text, int at, CodeLanguages languages, TriggerScratch scratch, ref long steps)
    {
        if (IsSink(text, at, languages, scratch, ref steps))
        {
            return true;
        }

        if (_wantsVariables && IsVariable(text, at, ref steps) && scratch.HasForeign(text, ref steps))
        {
            return true;
        }

        var before = text[..at].TrimEnd(Blanks);
        if (_wantsHidden && before.Length > 1 && before[^1] == ']' && scratch.HasForeign(text, ref steps))
        {
            return true;
        }

        return before.Length > 1 && before[^1] == '>' && before[^2] is not ((byte)'=' or (byte)'-')
            && MayHaveTypeArguments(before, scratch, ref steps);
    }

    private bool IsSink(ReadOnlySpan<byte> text, int at, CodeLanguages languages, TriggerScratch scratch, ref long steps) =>
        (_calls.MayStandBefore(text, at, ref steps) && _sinks.MayStandBefore(text, at, isForeign: false, languages, scratch, ref steps))
        || (_foreignCalls.MayStandBefore(text, at, ref steps) && scratch.HasForeign(text, ref steps)
            && _sinks.MayStandBefore(text, at, isForeign: true, languages, scratch, ref steps));

    // "$f(": a function that a variable names.
    private static bool IsVariable(ReadOnlySpan<byte> text, int at, ref long steps)
    {
        var name = text[Math.Max(0, at - LongestVariable)..at].TrimEnd(Blanks);
        var length = name.Length;
        while (length > 0 && CodeLexer.IsNamePart(name[length - 1]))
        {
            length--;
        }

        steps += name.Length - length;
        return length > 0 && length < name.Length && name[length - 1] == '$';
    }

    private static readonly byte[] Blanks = [.. Enumerable.Range(0, 33).Where(b => b != '\n').Select(b => (byte)b), 0x7F];

    // "name<type>(": what stands between the angle brackets is not read, only that a name may stand before them.
    private bool MayHaveTypeArguments(ReadOnlySpan<byte> before, TriggerScratch scratch, ref long steps)
    {
        var window = before[Math.Max(0, before.Length - LongestTypeArguments)..];
        steps += window.Length;
        var open = window.LastIndexOf((byte)'<');
        if (open < 0)
        {
            return window.Length == LongestTypeArguments;
        }

        if (window[open..].ContainsAny(Hiding))
        {
            return true;
        }

        var at = before.Length - window.Length + open;
        return _calls.MayStandBefore(before, at, ref steps) || _foreignCalls.MayStandBefore(before, at, ref steps);
    }

    private bool IsAssigned(ReadOnlySpan<byte> text, int at, ref long steps)
    {
        if (_assigned.IsEmpty || (at + 1 < text.Length && text[at + 1] == '='))
        {
            return false;
        }

        if (_assigned.MayStandBefore(text, at, ref steps))
        {
            return true;
        }

        var sign = text[..at].TrimEnd(Blanks).Length - 1;
        return sign > 0 && (text[sign] is (byte)':' or (byte)'.' or (byte)'+') && _assigned.MayStandBefore(text, sign, ref steps);
    }

    // As the reader of queries has it: a quote closed shortly before.
    private static bool IsStacked(ReadOnlySpan<byte> text, int at)
    {
        for (var i = at - 1; i >= 0 && at - i <= 4; i--)
        {
            if (text[i] is (byte)'\'' or (byte)'"')
            {
                return !text[Math.Max(0, i - 200)..i].Contains(text[i]);
            }

            if (text[i] is not ((byte)' ' or (byte)')'))
            {
                return false;
            }
        }

        return false;
    }

    private CodeReaders ByWords(
        ReadOnlySpan<byte> text,
        ReadOnlySpan<(int Start, int Length, int Number)> words,
        int offset,
        CodeReaders asked,
        CodeLanguages languages,
        TriggerScratch scratch,
        ref long steps)
    {
        var readers = CodeReaders.None;
        foreach (var (start, length, number) in words)
        {
            if (asked == readers || start - offset + length > text.Length)
            {
                continue;
            }

            foreach (var (of, writtenIn, place) in _places[number])
            {
                if ((asked & ~readers & of) != CodeReaders.None && (writtenIn & languages) != CodeLanguages.None
                    && IsPlaced(text, start - offset, length, number, place, scratch, ref steps))
                {
                    readers |= asked & of;
                }
            }
        }

        return readers;
    }

    // The start tag of PHP ends where its letters do, whatever follows.
    private static bool HasGluedStart(ReadOnlySpan<byte> text) =>
        text.IndexOf("<?php"u8) is >= 0 and var tag && tag + 5 < text.Length && CodeLexer.IsNamePart(text[tag + 5]);

    private static bool AnyTag(ReadOnlySpan<byte> text)
    {
        for (var at = 0; text[at..].IndexOf((byte)'<') is >= 0 and var found; at += found + 1)
        {
            var name = at + found + 1;
            if (name < text.Length && (text[name] == '/' || char.IsAsciiLetterOrDigit((char)text[name])))
            {
                return true;
            }
        }

        return false;
    }

    // Whether the texts of a place may begin or end within a word, and begin with signs.
    private static bool IsOfSigns(TriggerPlace place) => place is TriggerPlace.Anywhere or TriggerPlace.OpenedPipe or TriggerPlace.WrittenProgram;

    private static TriggerPlace PlaceOf(CodeSink sink, string name, bool isOwn) =>
        !isOwn ? TriggerPlace.ForeignStatement
            : !sink.IsCaseSensitive || name.Any(char.IsAsciiLetterUpper) ? TriggerPlace.Statement
            : sink.Requires.HasFlag(CodeFacts.BuiltQuery) ? TriggerPlace.QueryStatement
            : TriggerPlace.ExactStatement;

    // What one rule asks for in any place needs no more of another.
    private static TriggerPlace Weakest(IEnumerable<Trigger> same)
    {
        var places = same.Select(t => t.Place).Distinct().ToArray();
        return places.Length == 1 ? places[0]
            : places.Contains(TriggerPlace.Anywhere) ? TriggerPlace.Anywhere
            : places.All(p => p is TriggerPlace.Command or TriggerPlace.CommandWithRunner) ? TriggerPlace.Command
            : places.All(p =>
                p is TriggerPlace.ExactStatement or TriggerPlace.QueryStatement or TriggerPlace.ForeignStatement or TriggerPlace.Statement)
                ? TriggerPlace.Statement
            : places.All(p => p is TriggerPlace.Call or TriggerPlace.ExactStatement or TriggerPlace.QueryStatement or TriggerPlace.ForeignStatement
                or TriggerPlace.Statement) ? TriggerPlace.CallOrStatement
            : TriggerPlace.Anywhere;
    }

    private static bool Wanted(bool[] wanted, string id) => CodeCatalog.Find(id) is >= 0 and var number && wanted[number];
}
