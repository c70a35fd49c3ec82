using LlmGuard.Scanning.Entities.Openings;

namespace LlmGuard.Scanning.Entities.Wallets;

/// <summary>
/// Addresses of crypto currencies: base58check (Bitcoin, Litecoin, Dogecoin, Dash, Tron), bech32 (Bitcoin, Litecoin), and Ethereum's with or without
/// EIP-55.
/// </summary>
internal sealed class WalletDetector : Detector
{
    private const int Shortest = 26;
    private const int LongestBech32 = 90;

    public override int MaxLength => LongestBech32 + 4;

    public override ulong Runs => ulong.MaxValue << Shortest;

    public override bool IsTrigger(byte value) => value is (byte)'1' or (byte)'3' or (byte)'L' or (byte)'M' or (byte)'D' or (byte)'X' or (byte)'T'
        or (byte)'A' or (byte)'b' or (byte)'l' or (byte)'B' or (byte)'0';

    public override IEnumerable<Opening> Openings =>
    [
        new(b => b is '1' or '3' or 'L' or 'M' or 'D' or 'X' or 'T'
            or 'A', Base58.Contains, Base58.Contains, Base58.Contains, Base58.Contains, Base58.Contains, Base58.Contains, Base58.Contains),
        new(Opening.AnyCase('b'), Opening.AnyCase('c'), Opening.Exactly('1'), AsciiByte.IsAlphanumeric),
        new(Opening.Exactly('l'), Opening.Exactly('t'), Opening.Exactly('c'), Opening.Exactly('1')),
        new(Opening.Exactly('0'), Opening.AnyCase('x'), AsciiByte.IsHex, AsciiByte.IsHex),
    ];

    public override bool TryMatch(ref ScanText text, int at, int from, out int start, out int end)
    {
        (start, end) = (at, at);
        while (end - at <= LongestBech32 && AsciiByte.IsAlphanumeric(text[end]))
        {
            end++;
        }

        if (end - at is < Shortest or > LongestBech32)
        {
            return false;
        }

        var value = text.Bytes[at..end];
        text.Confidence = Confidence.Certain;
        return value[0] switch
        {
            (byte)'0' => IsEthereum(ref text, value),
            (byte)'b' or (byte)'B' or (byte)'l' => Bech32.IsValid(value),
            _ => value.Length <= 35 && Base58.IsValid(value),
        };
    }

    // Mixed case is a checksum over the letters. Where it is wrong the shape alone is left, which little else has.
    private static bool IsEthereum(ref ScanText text, ReadOnlySpan<byte> value)
    {
        if (value.Length != 42 || (value[1] | 0x20) != 'x' || !Keccak.IsHex(value[2..]))
        {
            return false;
        }

        var letters = value[2..];
        var hasUpper = letters.ContainsAnyInRange((byte)'A', (byte)'F');
        var hasLower = letters.ContainsAnyInRange((byte)'a', (byte)'f');
        text.Confidence = !(hasUpper && hasLower) ? Confidence.High : Keccak.IsChecksummed(letters) ? Confidence.Certain : Confidence.Medium;
        return letters.ContainsAnyExcept((byte)'0');
    }
}
