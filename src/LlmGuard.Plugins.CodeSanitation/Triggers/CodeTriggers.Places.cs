using System.Buffers;
using System.Text;
using LlmGuard.Scanning.Lexing.Code;

namespace LlmGuard.Plugins.CodeSanitation.Triggers;

/// <content>What must hold around the text of a trigger: <see cref="TriggerPlace"/>.</content>
internal sealed partial class CodeTriggers
{
    private const int MostBlanks = 64;

    private static readonly byte[][] Objects =
        [.. new[] { "table", "database", "schema", "view", "procedure", "trigger" }.Select(Encoding.ASCII.GetBytes)];

    private static readonly SearchValues<byte> CommandEnds =
        SearchValues.Create([.. Enumerable.Range(0, 33).Select(b => (byte)b), .. "\"'`()|;&<>[],{}/\\"u8]);
    private static readonly SearchValues<byte> NoStatementBehind = SearchValues.Create(",-+:!*"u8);

    private bool IsPlaced(
        ReadOnlySpan<byte> text, int start, int length, int number, TriggerPlace place, TriggerScratch scratch, ref long steps) => place switch
        {
            TriggerPlace.Name => IsName(text, start, length),
            TriggerPlace.Call => start + length < text.Length && text[start + length] == '(',
            TriggerPlace.BeforeObject => IsName(text, start, length) && IsObject(text[(start + length)..]),
            TriggerPlace.WithCopy => IsName(text, start, length) && scratch.HasCopy(text, ref steps),
            TriggerPlace.Grant => IsName(text, start, length) && scratch.HasGrantOfAll(text, ref steps),
            TriggerPlace.OpenedPipe => scratch.HasOpenedPipe(text, ref steps),
            TriggerPlace.WrittenProgram => scratch.HasWrittenProgram(text, start, ref steps),
            TriggerPlace.Command => IsCommand(text, start, length),
            TriggerPlace.CommandWithRunner => IsCommand(text, start, length) && scratch.HasRunner(text, ref steps),
            TriggerPlace.Statement => IsStatement(text, start, length),
            TriggerPlace.ExactStatement => text.Slice(start, length).SequenceEqual(_exact[number]) && IsStatement(text, start, length),
            TriggerPlace.QueryStatement =>
                text.Slice(start, length).SequenceEqual(_exact[number]) && IsStatement(text, start, length) && scratch.HasQuery(text, ref steps),
            TriggerPlace.Renaming => scratch.MayRename(text, _sinks, ref steps),
            TriggerPlace.CallOrStatement => (start + length < text.Length && text[start + length] == '(') || IsStatement(text, start, length),
            TriggerPlace.ForeignStatement => IsStatement(text, start, length) && scratch.HasForeign(text, ref steps),
            _ => true,
        };

    /// <summary>Whether a word of a command line stands there, or the last part of a path.</summary>
    public static bool IsCommand(ReadOnlySpan<byte> text, int start, int length) =>
        (start == 0 || CommandEnds.Contains(text[start - 1])) && (start + length == text.Length || CommandEnds.Contains(text[start + length]));

    // "drop table": the next word is one of those; what is not read as far as that may be.
    private static bool IsObject(ReadOnlySpan<byte> rest)
    {
        var at = 0;
        while (at < rest.Length && !CodeLexer.IsNamePart(rest[at]))
        {
            if (++at == MostBlanks)
            {
                return true;
            }
        }

        foreach (var name in Objects)
        {
            if (rest.Length - at >= name.Length && Ascii.EqualsIgnoreCase(rest.Slice(at, name.Length), name))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether a name as a lexer of programs has it stands there.</summary>
    public static bool IsName(ReadOnlySpan<byte> text, int start, int length) =>
        (start == 0 || !CodeLexer.IsNamePart(text[start - 1])) && (start + length == text.Length || !CodeLexer.IsNamePart(text[start + length]));

    private static bool IsStatement(ReadOnlySpan<byte> text, int start, int length)
    {
        if (!IsName(text, start, length))
        {
            return false;
        }

        // A word of a sentence stands behind another word, or behind a sign that no statement follows.
        var before = text[..start].TrimEnd(Blanks);
        return before.IsEmpty || before.EndsWith("<?php"u8) || !(CodeLexer.IsNamePart(before[^1]) || NoStatementBehind.Contains(before[^1]));
    }

    /// <summary>Whether a name stands anywhere in a text.</summary>
    public static bool HasName(ReadOnlySpan<byte> text, ReadOnlySpan<byte> name)
    {
        for (var at = 0; text[at..].IndexOf(name) is >= 0 and var found; at += found + name.Length)
        {
            if (IsName(text, at + found, name.Length))
            {
                return true;
            }
        }

        return false;
    }
}
