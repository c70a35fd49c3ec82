using LlmGuard.Plugins.CodeSanitation.Reading;
using LlmGuard.Plugins.CodeSanitation.Rules;
using LlmGuard.Scanning;
using LlmGuard.Scanning.Lexing.Code;

namespace LlmGuard.Plugins.CodeSanitation.Triggers;

/// <summary>
/// Looks closer where the name of a sink is called: what stands before it and elsewhere in the text may tell that it is another function of that
/// name, as <c>request(</c>, <c>offset(</c> and <c>new(</c> are in most programs. Says "perhaps" too often and "no" never wrongly. Immutable.
/// </summary>
/// <param name="wanted">By number, which rules are asked for.</param>
internal sealed class SinkCalls(bool[] wanted)
{
    private const int MostBlanks = 64;

    private enum Place
    {
        Unknown,
        Alone,
        BehindNew,
        BehindDot,

        /// <summary>Behind another name, as in a sentence or a declaration.</summary>
        BehindName,
    }

    /// <summary>Whether a sink may be called before an offset.</summary>
    /// <param name="text">The text.</param>
    /// <param name="at">The offset of the sign behind its name.</param>
    /// <param name="isForeign">Whether to ask for sinks that count only with what somebody else wrote, rather than for all others.</param>
    /// <param name="languages">The languages that the text may be written in.</param>
    /// <param name="scratch">What is known of the text.</param>
    /// <param name="steps">Increased by the bytes looked at.</param>
    public bool MayStandBefore(
        ReadOnlySpan<byte> text, int at, bool isForeign, CodeLanguages languages, TriggerScratch scratch, ref long steps)
    {
        var end = at;
        while (end > 0 && at - end < MostBlanks && text[end - 1] != '\n' && text[end - 1] is <= (byte)' ' or 0x7F)
        {
            end--;
        }

        var start = StartOfName(text, end);
        steps += at - start;

        // Comments and what not every lexer takes for a name hide what is called. That another name stands for the sink's is another trigger.
        if (start == end || at - end == MostBlanks || end - start > SinkTable.LongestName || GoesOn(text, start)
            || (start > 0 && text[start - 1] == '?'))
        {
            return true;
        }

        var name = text[start..end];
        var place = PlaceOf(text, start, out var receiver);
        steps += receiver.Length;
        if (place == Place.BehindName && CallSites.IsDeclaration(receiver))
        {
            return false;
        }

        var isSentence = place == Place.BehindName && CallSites.IsOfSentence(receiver);
        foreach (var entry in SinkTable.Find(name))
        {
            var isOwn = IsWanted(entry.Literal) || IsWanted(entry.Dynamic);
            if ((isForeign ? !isOwn && IsWanted(entry.Foreign) : isOwn) && !entry.Sink.IsAssigned && (entry.Sink.Languages & languages) != 0
                && (!entry.Sink.IsCaseSensitive || SinkTable.IsSpelled(entry, name))
                && MayReceive(entry, place, name, receiver, text, scratch, ref steps)
                && MayHold(entry.Sink.Requires, text, scratch, ref steps)
                && (!isSentence || CountsInSentence(entry, text, scratch, ref steps)))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether any sink that is asked for has a name.</summary>
    /// <param name="name">The name, in any case.</param>
    public bool HasName(ReadOnlySpan<byte> name)
    {
        foreach (var entry in SinkTable.Find(name))
        {
            if (IsWanted(entry.Literal) || IsWanted(entry.Dynamic) || IsWanted(entry.Dangerous) || IsWanted(entry.Foreign))
            {
                return true;
            }
        }

        return false;
    }

    private bool IsWanted(int rule) => rule >= 0 && wanted[rule];

    // What the receivers of the reader accept. Without an import every name stands for itself, and with one for a module that the text names.
    private static bool MayReceive(
        SinkTable.Entry entry,
        Place place,
        ReadOnlySpan<byte> name,
        ReadOnlySpan<byte> receiver,
        ReadOnlySpan<byte> text,
        TriggerScratch scratch,
        ref long steps)
    {
        for (var i = 0; i < entry.ReceiverNumbers.Length; i++)
        {
            var allowed = entry.Sink.ReceiverBytes[i];
            var isMatch = allowed switch
            {
                [] => place != Place.BehindDot,
                [(byte)'*'] => true,
                [(byte)'.'] => place is Place.BehindDot or Place.Unknown,
                _ when place == Place.Unknown => scratch.Mentions(text, entry.ReceiverNumbers[i], ref steps),
                _ => (place is Place.BehindDot or Place.BehindNew && receiver.SequenceEqual(allowed))
                    || ((place == Place.BehindDot || !name.SequenceEqual(allowed)) && scratch.HasImports(text, ref steps)
                        && scratch.Mentions(text, entry.ReceiverNumbers[i], ref steps)),
            };
            if (isMatch)
            {
                return true;
            }
        }

        return false;
    }

    // In a sentence only what is grave counts.
    private bool CountsInSentence(SinkTable.Entry entry, ReadOnlySpan<byte> text, TriggerScratch scratch, ref long steps) =>
        IsGrave(entry.Literal) || IsGrave(entry.Dynamic) || (IsGrave(entry.Foreign) && scratch.HasForeign(text, ref steps));

    private bool IsGrave(int rule) => IsWanted(rule) && CodeCatalog.Rules[rule].Severity == FindingSeverity.High;

    // Of what must be known of the arguments that which only some texts can tell.
    private static bool MayHold(CodeFacts required, ReadOnlySpan<byte> text, TriggerScratch scratch, ref long steps) =>
        (!required.HasFlag(CodeFacts.BuiltQuery) || scratch.HasQuery(text, ref steps))
        && (!required.HasFlag(CodeFacts.Unverified) || scratch.HasVerify(text, ref steps))
        && (!required.HasFlag(CodeFacts.AsksForShell) || scratch.HasShell(text, ref steps))
        && (!required.HasFlag(CodeFacts.Joined) || scratch.HasJoined(text, ref steps));

    // What is not plain to see, such as a comment or a call between a dot and what stands before it, is unknown.
    private static Place PlaceOf(ReadOnlySpan<byte> text, int start, out ReadOnlySpan<byte> receiver)
    {
        receiver = [];
        var end = start;
        while (end > 0 && start - end < MostBlanks && text[end - 1] is (byte)' ' or (byte)'\t')
        {
            end--;
        }

        if (end == 0)
        {
            return Place.Alone;
        }

        var before = text[end - 1];
        if (before == '.' && end == start)
        {
            end--;
            var begun = StartOfName(text, end);
            receiver = text[begun..end];
            return begun == end || GoesOn(text, begun) ? Place.Unknown : Place.BehindDot;
        }

        if (IsNamePart(before) && end < start)
        {
            var first = StartOfName(text, end);
            receiver = text[first..end];
            return receiver.SequenceEqual("new"u8) ? Place.BehindNew : IsPlainName(text, first) ? Place.BehindName : Place.Alone;
        }

        // Every lexer has a token for the end of a line, which no receiver stands behind.
        if (before == '\n' && start - end < MostBlanks)
        {
            return Place.Alone;
        }

        return start - end == MostBlanks
            || before is <= (byte)' ' or >= 0x7F or (byte)'.' or (byte)'>' or (byte)':' or (byte)'/' or (byte)'\\'
            ? Place.Unknown : Place.Alone;
    }

    // Whether what begins there with a letter is a name whoever reads it: a blank stands before it.
    private static bool IsPlainName(ReadOnlySpan<byte> text, int start) =>
        !AsciiByte.IsDigit(text[start]) && (start == 0 || text[start - 1] is (byte)' ' or (byte)'\t' or (byte)'\n');

    // Some names go on with a hyphen, and of what is not ASCII some is a letter and some a blank.
    private static bool GoesOn(ReadOnlySpan<byte> text, int start) => start > 0 && (text[start - 1] is (byte)'-' or >= 0x80);

    private static bool IsNamePart(byte value) => value < 0x80 && CodeLexer.IsNamePart(value);

    // No further than a name may be long that means anything.
    private static int StartOfName(ReadOnlySpan<byte> text, int end)
    {
        var start = end;
        while (start > 0 && end - start <= SinkTable.LongestName && IsNamePart(text[start - 1]))
        {
            start--;
        }

        return start;
    }
}
