namespace LlmGuard.Scanning.Entities.Secrets;

/// <summary>Weighs what a name says against what its value looks like.</summary>
internal static class SecretJudge
{
    // What generators of keys write, and those of identifiers do not.
    private const int LeastTight = 20;

    // What is shorter opens nothing, and stands where an example is wanted.
    private const int LeastPassword = 4;

    // Of fewer letters it cannot be told whether they were drawn at random.
    private const int LeastDrawn = 8;

    // How often the bytes of a value are looked at.
    private const int Looks = 4;

    /// <summary>Whether a value is a secret. How sure that is goes to <see cref="ScanText.Confidence"/>.</summary>
    /// <param name="text">The text.</param>
    /// <param name="value">Where the value stands.</param>
    /// <param name="named">What its name says.</param>
    /// <param name="isTight">Whether it is written directly after the name and an equals sign, as in files of settings.</param>
    public static bool IsSecret(ref ScanText text, SecretText value, SecretKind named, bool isTight)
    {
        var bytes = text.Bytes[value.Start..value.End];
        text.Steps += Looks * bytes.Length;
        if (SecretValues.IsPlaceholder(ref text, value.Start, value.End))
        {
            return false;
        }

        if (named != SecretKind.Password && BasicCredential.Is(bytes))
        {
            text.Confidence = Confidence.High;
            return true;
        }

        var shape = ValueShape.Of(bytes);
        return named switch
        {
            SecretKind.Password => IsPassword(ref text, bytes, shape, value, isTight),
            SecretKind.Token or SecretKind.Key => IsKey(ref text, bytes, shape, value, weak: false),
            _ => IsKey(ref text, bytes, shape, value, weak: true),
        };
    }

    private static bool IsPassword(ref ScanText text, ReadOnlySpan<byte> bytes, ValueShape shape, SecretText value, bool isTight)
    {
        if (shape.Length < LeastPassword || (SecretValues.IsSample(bytes) && shape.Others > 0)
            || (shape.Length >= 6 && shape.LongestRun * 2 > shape.Length) || IsPlace(bytes, shape))
        {
            return false;
        }

        // A bare word may as well be a name in source code or the next word of a sentence.
        var isDrawn = shape.Uppers > 0 && shape.Lowers > 0 && shape.Length >= LeastDrawn && !WordPairs.AreOfWords(bytes);
        var isWord = shape.Digits == 0 && !isDrawn && OnlyWordBytes(bytes);
        if (value.Quote == 0 && isWord)
        {
            if (SecretValues.IsSample(bytes))
            {
                return false;
            }

            text.Confidence = isTight && bytes.IndexOf((byte)'.') < 0 ? Confidence.Medium : Confidence.Low;
            return true;
        }

        text.Confidence = SecretDoubts.ToConfidence(SecretDoubts.OfPassword(bytes, shape), Confidence.Medium);
        return value.Quote == 0 ? isDrawn || !IsExpression(bytes) : !(shape.Others > 0 && CountSpaces(bytes) > 2);
    }

    // A URL, or a path of which each part is a word.
    private static bool IsPlace(ReadOnlySpan<byte> bytes, in ValueShape shape) =>
        (bytes.IndexOf("://"u8) > 0 && !bytes.Contains((byte)'@')) || (bytes[0] == '/' && bytes.Count((byte)'/') > 1 && !IsDrawnBase64(bytes, shape));

    private static bool IsKey(ref ScanText text, ReadOnlySpan<byte> bytes, ValueShape shape, SecretText value, bool weak)
    {
        if (!weak && value.Quote > 0 && IsDrawnFromAll(shape))
        {
            text.Confidence = Confidence.High;
            return true;
        }

        if (shape.Length < (weak ? 15 : 8) || shape.IsRepetitive || (weak ? shape.IsSequence : shape.LongestSequence >= 20) || CountSpaces(bytes) > 0
            || (SecretValues.IsSample(bytes) && shape.Changes * 4 < shape.Length) || bytes.IndexOf("://"u8) >= 0)
        {
            return false;
        }

        // As a framework writes it into new projects, where it often stays.
        if (bytes.Length >= 48 && bytes.StartsWith("django-insecure-"u8) && !SecretValues.IsSample(bytes))
        {
            text.Confidence = Confidence.High;
            return true;
        }

        // "name:other=value": the second assignment is looked at by itself.
        if (value.Quote == 0 && bytes.TrimEnd((byte)'=').IndexOf((byte)'=') >= 0)
        {
            return false;
        }

        if (!IsKeyAlphabet(bytes) || (!IsDrawnBase64(bytes, shape)
            && (IsPathOrFile(bytes) || (value.Quote == 0 && IsExpression(bytes) && !IsDrawnLetters(bytes, shape)))))
        {
            return false;
        }

        if (SecretValues.IsUuid(bytes))
        {
            text.Confidence = SecretDoubts.ToConfidence(SecretDoubts.OfUuid(bytes) + (weak ? 1 : 0));
            return true;
        }

        if (SecretValues.IsWordy(bytes) || (weak && shape.Digits == 0)
            || (shape.Digits == 0 && (shape.Length < 16 || shape.Uppers == 0 || shape.Lowers == 0 || shape.Changes * 4 < shape.Length)))
        {
            return false;
        }

        if (shape.Digits < 2 && shape.Changes * 4 < shape.Length)
        {
            return false;
        }

        // Half of what random characters of the kind would have is what words have.
        var most = Math.Min(Math.Log2(shape.Length), shape.Uppers + shape.Lowers == 0 ? 3.32 : IsHex(bytes) ? 4 : 5);
        var isDoubted = weak && !IsTightAndDrawn(ref text, value, shape);
        text.Confidence = SecretDoubts.ToConfidence(SecretDoubts.OfKey(ref text, value, shape) + (isDoubted ? 1 : 0));
        return shape.Entropy >= most * (weak ? 0.72 : 0.62);
    }

    // Of every kind of character, and hardly ever two of a kind in a row: no text has that.
    private static bool IsDrawnFromAll(in ValueShape shape) =>
        shape.Length >= 40 && Math.Min(shape.Digits, shape.Others) >= 4 && Math.Min(shape.Uppers, shape.Lowers) >= 4
        && shape.Entropy >= 4.6 && shape.Changes * 2 >= shape.Length;

    // Directly behind "key=" stands what a generator wrote where it has both cases and digits throughout: identifiers and hashes have one case.
    private static bool IsTightAndDrawn(ref ScanText text, SecretText value, in ValueShape shape) =>
        value.Quote == 0 && text[value.Start - 1] == '=' && shape.Length >= LeastTight && shape.Others == 0
        && Math.Min(shape.Digits, Math.Min(shape.Uppers, shape.Lowers)) >= 2 && shape.Changes * 3 >= shape.Length;

    // One in thirty begins with a slash or plus sign, as paths do: of these each part is made of words.
    private static bool IsDrawnBase64(ReadOnlySpan<byte> bytes, in ValueShape shape)
    {
        if (bytes[0] is not ((byte)'/' or (byte)'+') || shape.Length < 24 || shape.Uppers < 4 || shape.Lowers < 4 || shape.Digits < 2)
        {
            return false;
        }

        foreach (var b in bytes)
        {
            if (!AsciiByte.IsAlphanumeric(b) && b is not ((byte)'/' or (byte)'+' or (byte)'='))
            {
                return false;
            }
        }

        return shape.Changes * 4 >= shape.Length;
    }

    // Letters in an order that names do not have.
    private static bool IsDrawnLetters(ReadOnlySpan<byte> bytes, in ValueShape shape) =>
        shape.Length >= LeastTight && shape.Uppers > 2 && shape.Lowers > 2 && !bytes.ContainsAny((byte)'.', (byte)'(', (byte)'[')
        && !WordPairs.AreOfWords(bytes);

    // A name, a member of something, or an operation in source code; a tag in YAML.
    private static bool IsExpression(ReadOnlySpan<byte> bytes)
    {
        var isName = AsciiByte.IsLetter(bytes[0]) || bytes[0] is (byte)'_' or (byte)'*'
            or (byte)'&' or (byte)'!' or (byte)'(' or (byte)'[' or (byte)'{';
        if (!isName)
        {
            return bytes[0] is (byte)'/' or (byte)'.' or (byte)'|' or (byte)'<' or (byte)'+';
        }

        if (bytes[0] is not (byte)'_' && !AsciiByte.IsLetter(bytes[0]))
        {
            return bytes.ContainsAny((byte)'(', (byte)'[', (byte)'.') || bytes[0] is (byte)'(' or (byte)'{' or (byte)'['
                || (bytes[0] is (byte)'!' && OnlyWordBytes(bytes[1..]));
        }

        var digits = 0;
        foreach (var b in bytes)
        {
            if (!AsciiByte.IsAlphanumeric(b) && b is not ((byte)'_' or (byte)'.' or (byte)':' or (byte)'-' or (byte)'>'))
            {
                return bytes.ContainsAny((byte)'(', (byte)'[');
            }

            digits += AsciiByte.IsDigit(b) ? 1 : 0;
        }

        return digits == 0;
    }

    private static bool OnlyWordBytes(ReadOnlySpan<byte> bytes)
    {
        foreach (var b in bytes)
        {
            if (!AsciiByte.IsLetter(b) && b is not ((byte)'_' or (byte)'.' or (byte)'-') && b < 0x80)
            {
                return false;
            }
        }

        return true;
    }

    private static bool IsKeyAlphabet(ReadOnlySpan<byte> bytes)
    {
        var odd = 0;
        foreach (var b in bytes)
        {
            if (b is < 0x21 or > 0x7E or (byte)'(' or (byte)')' or (byte)'<' or (byte)'>'
                or (byte)'{' or (byte)'}' or (byte)'[' or (byte)'"' or (byte)'\\')
            {
                return false;
            }

            odd += AsciiByte.IsAlphanumeric(b) || b is (byte)'+' or (byte)'/' or (byte)'='
                or (byte)'_' or (byte)'-' or (byte)'.' or (byte)'~' or (byte)':' ? 0 : 1;
        }

        return odd * 4 <= bytes.Length;
    }

    private static bool IsPathOrFile(ReadOnlySpan<byte> bytes)
    {
        if (bytes[0] is (byte)'/' or (byte)'.' || bytes.StartsWith("http"u8))
        {
            return bytes.StartsWith("http"u8) || bytes.Count((byte)'/') > 1 || bytes[0] == '.';
        }

        var point = bytes.LastIndexOf((byte)'.');
        return point > 0 && bytes.Length - point is >= 3 and <= 5
            && !bytes[(point + 1)..].ContainsAnyInRange((byte)'0', (byte)'9') && bytes.Length < 40;
    }

    private static bool IsHex(ReadOnlySpan<byte> bytes)
    {
        foreach (var b in bytes)
        {
            if (!AsciiByte.IsHex(b))
            {
                return false;
            }
        }

        return true;
    }

    private static int CountSpaces(ReadOnlySpan<byte> bytes) => bytes.Count((byte)' ');
}
