namespace LlmGuard.Scanning.Entities.Secrets;

/// <summary>Tells by a value that is named as a secret whether it is one, or stands in its place.</summary>
internal static class SecretValues
{
    private static readonly byte[][] Stand =
    [
        .. new[]
        {
            "example", "placeholder", "changeme", "change_me", "change-me", "replace", "your_", "your-", "yourapi", "yourkey", "yourtoken",
                "yoursecret", "yourpass", "my_secret", "mysecret", "insert", "dummy", "todo",
            "redacted", "masked", "xxxx", "****", "....", "<your", "not-a-real", "notreal", "fake", "sample", "undefined",
        }.Select(System.Text.Encoding.ASCII.GetBytes),
    ];

    private static readonly byte[][] Nothing =
    [
        .. new[]
        {
            "null", "none", "nil", "true", "false", "string", "str", "text", "bytes", "object", "required", "optional", "undefined", "any", "int",
                "integer", "number", "boolean", "bool", "password", "passwd", "secret",
            "token", "varchar", "char", "self", "this", "default", "empty", "input", "value", "env", "prompt", "yes", "no", "hidden", "disabled",
                "enabled", "unknown", "encrypted", "plaintext", "plain",
        }.Select(System.Text.Encoding.ASCII.GetBytes),
    ];

    /// <summary>Whether the value is a mask, a reference to a variable, a type, a call, or a word for "none" or "put yours here".</summary>
    public static bool IsPlaceholder(ref ScanText text, int start, int end)
    {
        var value = text.Bytes[start..end];
        value = value.Length > 2 && value[0] == '\\' && value[1] == '$' ? value[1..] : value;
        var first = value[0];
        if (first is (byte)'$' or (byte)'%' or (byte)'{' or (byte)'@' && value.Length > 1 && value[1] is (byte)'{'
            or (byte)'(' or (byte)'s' or (byte)'%' or (byte)'$')
        {
            return true;
        }

        if ((first == '<' && value[^1] == '>') || (first == '[' && value[^1] is (byte)']' || first == '[' && value.Length > 4
            && AsciiByte.IsUpper(value[1]) && AsciiByte.IsUpper(value[2]))
            || value.IndexOf("${"u8) >= 0 || value.IndexOf("{{"u8) >= 0 || value.IndexOf("%("u8) >= 0
                || value.IndexOf("$("u8) >= 0 || value.IndexOf("#{"u8) >= 0)
        {
            return true;
        }

        // @Microsoft.KeyVault(...), @file(...)
        if (first == '@' && IsCall(value[1..]) && value.Contains((byte)'('))
        {
            return true;
        }

        // In the markup of manual pages a variable is set in another font.
        if (value.EndsWith("\\fP"u8) || value.EndsWith("\\fR"u8) || value.EndsWith("\\&"u8))
        {
            return true;
        }

        if (IsVariable(value) || IsOneByteRepeated(value) || IsCall(value))
        {
            return true;
        }

        foreach (var word in Nothing)
        {
            if (EqualsAnyCase(value, word))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether the value holds a word by which people mark what is to be replaced.</summary>
    public static bool IsSample(ReadOnlySpan<byte> value)
    {
        foreach (var word in Stand)
        {
            for (var at = 0; at + word.Length <= value.Length; at++)
            {
                if (EqualsAnyCase(value.Slice(at, word.Length), word))
                {
                    return true;
                }
            }
        }

        return false;
    }

    /// <summary>
    /// Whether it is made of words, numbers and separators only, as names and versions are: <c>NEXUS-GPT4-API-KEY</c>, <c>rc0.15.0-SNAPSHOT</c>.
    /// </summary>
    public static bool IsWordy(ReadOnlySpan<byte> value)
    {
        var (words, wordy, letters, digits, consonants, longest) = (0, 0, 0, 0, 0, 0);
        var isMingled = false;
        for (var i = 0; i <= value.Length; i++)
        {
            var b = i < value.Length ? value[i] : -1;
            if (AsciiByte.IsLetter(b))
            {
                letters++;
                isMingled |= digits > 0;
                consonants = (b | 0x20) is 'a' or 'e' or 'i' or 'o' or 'u' or 'y' ? 0 : consonants + 1;
                longest = Math.Max(longest, consonants);
            }
            else if (AsciiByte.IsDigit(b))
            {
                digits++;
                consonants = 0;
            }
            else if (letters + digits > 0)
            {
                words++;
                wordy += longest < 5 && !isMingled && (digits <= 2 || letters <= 2) ? 1 : 0;
                (letters, digits, consonants, longest, isMingled) = (0, 0, 0, 0, false);
            }
        }

        return words > 1 && wordy == words;
    }

    /// <summary>Whether it is a UUID.</summary>
    public static bool IsUuid(ReadOnlySpan<byte> value) =>
        value.Length == 36 && value[8] == '-' && value[13] == '-' && value[18] == '-' && value[23] == '-';

    // $NAME, %NAME%, process.env.NAME, os.environ, var.name
    private static bool IsVariable(ReadOnlySpan<byte> value) =>
        (value[0] == '$' && IsName(value[1..])) || (value[0] == '%' && value[^1] == '%')
            || (value[0] == '@' && value.Length > 1 && value[1..].IndexOf((byte)'@') < 0 && value[^1] == '@')
        || value.StartsWith("process.env"u8) || value.StartsWith("os.environ"u8)
            || value.StartsWith("os.getenv"u8) || value.StartsWith("var."u8) || value.StartsWith("local."u8)
        || value.StartsWith("import.meta"u8) || value.StartsWith("env."u8) || value.StartsWith("ENV["u8)
            || value.StartsWith("secrets."u8) || value.StartsWith("arn:"u8)
        || value.StartsWith("self."u8) || value.StartsWith("this."u8) || value.StartsWith("vault:"u8)
            || value.StartsWith("op://"u8) || value.StartsWith("ENC["u8);

    private static bool IsName(ReadOnlySpan<byte> value)
    {
        var hasLower = false;
        var hasDigit = false;
        foreach (var b in value)
        {
            if (!AsciiByte.IsAlphanumeric(b) && b is not ((byte)'_' or (byte)'.' or (byte)'-' or (byte)'>'))
            {
                return false;
            }

            hasLower |= AsciiByte.IsLower(b);
            hasDigit |= AsciiByte.IsDigit(b);
        }

        return !hasLower || !hasDigit;
    }

    private static bool IsOneByteRepeated(ReadOnlySpan<byte> value) =>
        value[0] is (byte)'*' or (byte)'x' or (byte)'X' or (byte)'.' or (byte)'-' or (byte)'_' or (byte)'#' or (byte)'?'
            && !value.ContainsAnyExcept(value[0]);

    // A call or an index in source code: os.environ["X"], getpass(...
    private static bool IsCall(ReadOnlySpan<byte> value)
    {
        for (var i = 0; i < value.Length; i++)
        {
            var b = value[i];
            if (b is (byte)'(' or (byte)'[' && i > 0)
            {
                return true;
            }

            if (!AsciiByte.IsAlphanumeric(b) && b is not ((byte)'_' or (byte)'.' or (byte)':' or (byte)'$' or (byte)'>' or (byte)'-'))
            {
                return false;
            }
        }

        return false;
    }

    private static bool EqualsAnyCase(ReadOnlySpan<byte> value, ReadOnlySpan<byte> lower)
    {
        if (value.Length != lower.Length)
        {
            return false;
        }

        for (var i = 0; i < value.Length; i++)
        {
            if (value[i] != lower[i] && ((value[i] | 0x20) != lower[i] || !AsciiByte.IsLetter(value[i])))
            {
                return false;
            }
        }

        return true;
    }
}
