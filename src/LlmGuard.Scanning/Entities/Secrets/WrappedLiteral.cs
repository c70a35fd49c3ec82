namespace LlmGuard.Scanning.Entities.Secrets;

/// <summary>
/// A literal that something is made of before it is assigned: <c>bytes.fromhex("...")</c>, <c>Data(hexString: "...")</c>, <c>new
/// Key(decode("..."))</c>.
/// </summary>
internal static class WrappedLiteral
{
    private const int Reach = 40;
    private const int LeastHex = 32;
    private const int LeastMixed = 20;

    /// <summary>The offset of its quote, or 0 when there is none.</summary>
    public static int StartOf(ref ScanText text, int at)
    {
        if (!AsciiByte.IsLetter(text[at]))
        {
            return 0;
        }

        var isCall = false;
        for (var offset = at; offset - at < Reach; offset++)
        {
            var b = text[offset];
            if (b is '"' or '\'')
            {
                return isCall ? offset : 0;
            }

            isCall |= b == '(';
            if (!AsciiByte.IsAlphanumeric(b) && b is not ('_' or '.' or ':' or '(') && (b is not (' ' or '=' or '&') || (b != ' ' && !isCall)))
            {
                return 0;
            }
        }

        return 0;
    }

    /// <summary>Whether it can be nothing but a secret: what is looked up by its name looks otherwise.</summary>
    public static bool IsSecret(ReadOnlySpan<byte> value, SecretKind named)
    {
        if (named == SecretKind.Password)
        {
            return ChosenPassword.Is(value, isExpected: false);
        }

        var shape = ValueShape.Of(value);
        var isHex = shape.Others == 0 && !value.ContainsAnyExcept(SecretDoubts.Hex);
        return isHex ? shape.Length >= LeastHex : shape.Length >= LeastMixed && shape.Digits > 1
            && shape.Uppers > 1 && shape.Lowers > 1 && shape.Changes * 3 > shape.Length;
    }
}
