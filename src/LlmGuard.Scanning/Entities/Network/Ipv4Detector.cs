using LlmGuard.Scanning.Entities.Labelled;
using LlmGuard.Scanning.Entities.Openings;

namespace LlmGuard.Scanning.Entities.Network;

/// <summary>IPv4 addresses: four numbers from 0 to 255 with points.</summary>
internal sealed class Ipv4Detector : Detector
{
    private const int Shortest = 7;

    private const int OtherReach = 20;

    // Versions and parts of documents have four numbers with points, too.
    private static readonly LabelWords Others = new(
        "version*", "assembly*", "ver", "release*", "build", "chapter*", "section*", "clause*", "appendix", "paragraph*", "kapitel", "abschnitt*",
        "figure*", "fig", "table*", "abbildung*", "firmware*", "driver*", "rfc*", "oid*");

    public override int MaxLength => 20;

    public override Neighbours Before => Neighbours.Other | Neighbours.Letter;

    public override bool IsTrigger(byte value) => AsciiByte.IsDigit(value);

    public override IEnumerable<Opening> Openings => [new([AsciiByte.IsDigit, .. Opening.Row(Shortest - 1, IsPart)])];

    private static bool IsPart(int b) => AsciiByte.IsDigit(b) || b == '.';

    public override bool TryMatch(ref ScanText text, int at, int from, out int start, out int end)
    {
        (start, end) = (at, at);
        for (var part = 0; part < 4; part++)
        {
            if (part > 0 && text[end++] != '.')
            {
                return false;
            }

            var (value, digits) = (0, 0);
            while (digits < 3 && AsciiByte.IsDigit(text[end]))
            {
                value = (value * 10) + text[end++] - '0';
                digits++;
            }

            if (digits == 0 || value > 255)
            {
                return false;
            }
        }

        if (VersionSigns.Stand(ref text, at, end) || Others.Precede(ref text, at, OtherReach))
        {
            return false;
        }

        var address = text.Bytes[at..end];
        text.Confidence = ((IsOfEveryMachine(address) || IsObjectIdentifier(address)) && IsInCode(ref text, at, end)) || IsMask(address)
            ? Confidence.Doubtful : Confidence.High;

        // A number or point on either side makes it a part of something longer.
        return !DigitGroups.IsFraction(ref text, at) && !AsciiByte.IsDigit(text[end])
            && !(text[end] == '.' && AsciiByte.IsDigit(text[end + 1]));
    }

    // The addresses by which a machine means itself, which tell nothing of it.
    private static bool IsOfEveryMachine(ReadOnlySpan<byte> address) => address.SequenceEqual("127.0.0.1"u8) || address.SequenceEqual("0.0.0.0"u8);

    // Which part of addresses is the network's: of no machine.
    private static bool IsMask(ReadOnlySpan<byte> address) =>
        address.StartsWith("255.255."u8) && (address.EndsWith(".0"u8) || (address.StartsWith("255.255.255."u8)
            && address["255.255.255.".Length..] is var last && (last.SequenceEqual("128"u8) || last.SequenceEqual("192"u8)
                || last.SequenceEqual("224"u8) || last.SequenceEqual("240"u8) || last.SequenceEqual("248"u8) || last.SequenceEqual("252"u8))));

    // What certificates and directories name their fields by.
    private static bool IsObjectIdentifier(ReadOnlySpan<byte> address) =>
        address.StartsWith("2.5.29."u8) || address.StartsWith("2.5.4."u8) || address.StartsWith("1.3.6.1"u8);

    // A string, a URL, or an address with a port.
    private static bool IsInCode(ref ScanText text, int at, int end) =>
        (text[at - 1] is '"' or '\'' or '`' && text[end] is '"' or '\'' or '`' or ':') || (text[at - 1] == '/' && text[at - 2] == '/')
            || (text[end] == ':' && AsciiByte.IsDigit(text[end + 1]));
}
