namespace LlmGuard.Scanning.Entities.Wallets;

/// <summary>Bech32 and bech32m (BIP 173 and 350), for Bitcoin and Litecoin.</summary>
internal static class Bech32
{
    private const uint Plain = 1;
    private const uint Modified = 0x2BC830A3;

    private static ReadOnlySpan<uint> Generator => [0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3];

    private static ReadOnlySpan<byte> Alphabet => "qpzry9x8gf2tvdw0s3jn54khce6mua7l"u8;

    /// <summary>Whether the check characters are right. Case must not be mixed.</summary>
    public static bool IsValid(ReadOnlySpan<byte> text)
    {
        if (text.ContainsAnyInRange((byte)'A', (byte)'Z') && text.ContainsAnyInRange((byte)'a', (byte)'z'))
        {
            return false;
        }

        var separator = (text[1] | 0x20) == 'c' ? 2 : 3;
        if (text[separator] != '1')
        {
            return false;
        }

        var check = 1U;
        for (var i = 0; i < separator; i++)
        {
            check = Step(check) ^ (uint)((text[i] | 0x20) >> 5);
        }

        check = Step(check);
        for (var i = 0; i < separator; i++)
        {
            check = Step(check) ^ (uint)((text[i] | 0x20) & 31);
        }

        foreach (var character in text[(separator + 1)..])
        {
            var value = Alphabet.IndexOf((byte)(AsciiByte.IsLetter(character) ? character | 0x20 : character));
            if (value < 0)
            {
                return false;
            }

            check = Step(check) ^ (uint)value;
        }

        return check is Plain or Modified;
    }

    private static uint Step(uint check)
    {
        var top = check >> 25;
        check = (check & 0x1FFFFFF) << 5;
        for (var i = 0; i < 5; i++)
        {
            check ^= (top >> i & 1) != 0 ? Generator[i] : 0;
        }

        return check;
    }
}
