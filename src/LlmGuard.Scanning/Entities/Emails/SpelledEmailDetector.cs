using LlmGuard.Scanning.Entities.Openings;

namespace LlmGuard.Scanning.Entities.Emails;

/// <summary>
/// E-mail addresses of which the sign is written otherwise: <c>ann [at] example [dot] com</c>, <c>ann(at)example.com</c>, and
/// <c>ann=40example.com</c> as headers of mail have it.
/// </summary>
/// <remarks>
/// Only those with a common top level: brackets and equals signs have many other uses. Where a space stands before the sign the match begins with the
/// sign: a stream would have to hold every word and the space behind it if it were to begin with the name, which has left by then.
/// </remarks>
internal sealed class SpelledEmailDetector : Detector
{
    public override int MaxLength => EmailLocal.Longest + SpelledSigns.Longest + EmailDomain.Longest + 4;

    public override Neighbours Before => Neighbours.Other | Neighbours.Letter | Neighbours.Digit;

    public override bool IsTrigger(byte value) => SpelledSigns.IsOpening(value) || value == '=';

    public override IEnumerable<Opening> Openings =>
    [
        Bracketed(Opening.AnyCase('a'), Opening.AnyCase('t'), SpelledSigns.IsClosing, IsNext),
        Bracketed(Opening.Exactly(' '), Opening.AnyCase('a'), Opening.AnyCase('t'), Opening.Exactly(' '), SpelledSigns.IsClosing, IsNext),
        .. "[({".Zip("])}").Select(static pair => new Opening(Opening.Exactly(pair.First), Opening.Exactly('@'), Opening.Exactly(pair.Second), IsNext)
        {
            Before = IsBefore,
        }),
        Bracketed(Opening.Exactly(' '), Opening.Exactly('@'), Opening.Exactly(' '), SpelledSigns.IsClosing, IsNext),
        new(Opening.Exactly('='), Opening.Exactly('4'), Opening.Exactly('0'), AsciiByte.IsLetter, EmailDomain.IsPart,
            EmailDomain.IsPart, EmailDomain.IsPart) { Before = EmailLocal.Ends },
    ];

    public override bool StartsAtTrigger => false;

    public override object EarlyStart => typeof(EmailLocal);

    public override int EarliestStart(ref ScanText text, int at, int from) => EmailLocal.StartOf(ref text, at, from);

    public override bool TryMatch(ref ScanText text, int at, int from, out int start, out int end)
    {
        (start, end) = (EmailLocal.TrimmedStartOf(ref text, at, from), 0);
        var isSpaced = text[at - 1] == ' ';
        if (isSpaced ? !EndsName(text[at - 2]) : start == at)
        {
            return false;
        }

        var domain = text[at] != '=' ? SpelledSigns.AtEnd(ref text, at) : !isSpaced && text.Follows(at, "=40"u8) ? at + 3 : 0;
        if (domain > 0 && EmailDomain.EndOf(ref text, domain, out var topLevel) is > 0 and var stop && TopLevels.IsCommon(ref text, topLevel, stop))
        {
            end = stop;
        }

        return end > 0;
    }

    private static bool EndsName(int b) => EmailLocal.Ends(b) && b is not ('.' or '-' or '\'');

    // Few enough for a table of words.
    private static bool IsNext(int b) => b == ' ' || AsciiByte.IsAlphanumeric(b);

    private static bool IsBefore(int b) => b == ' ' || EmailLocal.Ends(b);

    private static Opening Bracketed(params Func<int, bool>[] places) =>
        new([SpelledSigns.IsOpening, .. places]) { Before = IsBefore };
}
