using System.Buffers;
using LlmGuard.Scanning.Entities.Openings;

namespace LlmGuard.Scanning.Entities.Secrets.Named;

/// <summary>
/// A value with nothing but a space between its name and itself, as files of settings and shells have it: <c>ENV API_KEY ...</c>, <c>configure set
/// secret_access_key ...</c>.
/// </summary>
/// <param name="kind">What the name must say.</param>
internal sealed class SpacedSecretDetector(SecretKind kind) : Detector
{
    private const int LongestName = 56;
    private const int LongestValue = 512;
    private const int Least = 8;

    private static readonly SearchValues<byte> OfCode = SearchValues.Create("()[]{}<>\"'"u8);

    private static readonly (byte[] End, SecretKind Kind)[] NameEnds =
    [
        .. new[]
        {
            ("_key", SecretKind.Key), ("_secret", SecretKind.Key), ("_token", SecretKind.Token), ("_password", SecretKind.Password),
                ("_passwd", SecretKind.Password), ("_pass", SecretKind.Password),
            ("_pwd", SecretKind.Password),
        }.Select(end => (System.Text.Encoding.ASCII.GetBytes(end.Item1), end.Item2)),
    ];

    private readonly byte[][] _ends = [.. NameEnds.Where(end => end.Kind == kind).Select(end => end.End)];

    public override int MaxLength => LongestValue + 24;

    public override Neighbours Before => Neighbours.Letter | Neighbours.Digit | Neighbours.Other;

    public override bool SkipsInside => true;

    // Never a letter: what may begin within words makes every letter of a text a start.
    public override bool IsTrigger(byte value) => value == '_';

    public override IEnumerable<Opening> Openings =>
        _ends.Select(static end => Opening.Word(end, static b => b is ' ' or '\t', static b => AsciiByte.IsAlphanumeric(b) || b == '"'));

    public override bool TryMatch(ref ScanText text, int at, int from, out int start, out int end)
    {
        foreach (var ending in _ends)
        {
            var after = at + ending.Length;
            if (text.Follows(at, ending) && text[after] is ' ' or '\t')
            {
                var value = SecretText.Read(ref text, after + 1, LongestValue, LongestValue);
                (start, end) = (value.Start, value.End);
                return value.Length >= Least && IsNamed(ref text, at, after) && Tells(text.Bytes[value.Start..value.End])
                    && SecretJudge.IsSecret(ref text, value, kind, isTight: false);
            }
        }

        return None(out start, out end);
    }

    private static bool IsNamed(ref ScanText text, int at, int end)
    {
        var start = at;
        while (end - start < LongestName && (AsciiByte.IsAlphanumeric(text[start - 1]) || text[start - 1] == '_'))
        {
            start--;
        }

        return SecretNames.KindOf(text.Bytes[start..end]) is SecretKind.Password or SecretKind.Token or SecretKind.Key;
    }

    // What stands behind a name may be a type, an operator or the next word; a value is none of these.
    private static bool Tells(ReadOnlySpan<byte> value)
    {
        var shape = ValueShape.Of(value);
        return shape.Digits > 0 && shape.Uppers + shape.Lowers > 0 && !value.ContainsAny(OfCode) && !SecretValues.IsWordy(value);
    }
}
