using System.Text;
using LlmGuard.Scanning.Entities.Openings;

namespace LlmGuard.Scanning.Entities.Emails;

/// <summary>E-mail addresses. Letters outside ASCII count as part of a local part, so that they cannot hide an address.</summary>
internal sealed class EmailDetector : Detector
{
    private const int LongestScheme = 6;

    // What stands in a URL of these before the host is whom a message goes to.
    private static readonly byte[][] OfMessages =
    [
        .. new[] { "mail", "mailto", "imap", "imaps", "pop", "pop3", "smtp", "smtps", "sip", "sips", "xmpp" }.Select(Encoding.ASCII.GetBytes),
    ];

    public override int MaxLength => EmailLocal.Longest + 1 + EmailDomain.Longest + 4;

    public override Neighbours Before => Neighbours.Other | Neighbours.Letter | Neighbours.Digit;

    public override bool IsTrigger(byte value) => value == '@';

    // The shortest domain has a character, a point and two letters.
    public override IEnumerable<Opening> Openings =>
    [
        new(Opening.Exactly('@'), EmailDomain.Begins, EmailDomain.IsPart, EmailDomain.IsPart, EmailDomain.IsPart) { Before = EmailLocal.Ends },
    ];

    public override bool StartsAtTrigger => false;

    public override object EarlyStart => typeof(EmailLocal);

    public override int EarliestStart(ref ScanText text, int at, int from) => EmailLocal.StartOf(ref text, at, from);

    public override bool TryMatch(ref ScanText text, int at, int from, out int start, out int end)
    {
        start = EmailLocal.TrimmedStartOf(ref text, at, from);
        end = start < at ? EmailDomain.EndOf(ref text, at + 1) : 0;
        return end > 0 && !IsAccountOfUrl(ref text, start, at, end);
    }

    // "https://user:password@host" and "git@host:path" are addresses of machines, "https://host/user@example.com" names a person; percent signs
    // in a row are an encoded script.
    private static bool IsAccountOfUrl(ref ScanText text, int start, int at, int end)
    {
        if ((at - start == 3 && text.Follows(start, "git"u8) && text[end] is ':' or '/') || (text[start] == '%' && text[start + 3] == '%'))
        {
            return true;
        }

        if (text[start - 1] is not (':' or '/'))
        {
            return false;
        }

        for (var offset = start - 1; offset > start - Left && text[offset] > ' '; offset--)
        {
            if (text[offset] is '/' or '?' or '#')
            {
                return text[offset] == '/' && text[offset - 1] == '/' && text[offset - 2] == ':' && !IsOfMessages(ref text, offset - 2);
            }
        }

        return false;
    }

    private static bool IsOfMessages(ref ScanText text, int colon)
    {
        var start = colon;
        while (colon - start <= LongestScheme && AsciiByte.IsAlphanumeric(text[start - 1]))
        {
            start--;
        }

        foreach (var scheme in OfMessages)
        {
            if (scheme.Length == colon - start && text.Follows(start, scheme))
            {
                return true;
            }
        }

        return false;
    }
}
