namespace LlmGuard.Scanning.Entities;

/// <summary>Tells what stands in the place of a secret without being one.</summary>
internal static class SecretValues
{
    /// <summary>Whether the value is a mask, a reference to a variable, a type, or a word for "none".</summary>
    public static bool IsPlaceholder(ref ScanText text, int start, int end)
    {
        var first = text[start];
        var length = end - start;
        return (first == '[' && (text.Follows(start + 1, "masked"u8) || text.Follows(start + 1, "redacted"u8)))
            || (first is '$' or '%' or '{' or '@' && text[start + 1] is '{' or '(' or 's' or '%')
            || IsOneByteRepeated(ref text, start, end)
            || IsCall(ref text, start, end)
            || length switch
            {
                3 => text.Follows(start, "nil"u8) || text.Follows(start, "str"u8),
                4 => text.Follows(start, "null"u8) || text.Follows(start, "none"u8) || text.Follows(start, "true"u8) || text.Follows(start, "text"u8),
                5 => text.Follows(start, "false"u8),
                6 => text.Follows(start, "string"u8),
                8 => text.Follows(start, "required"u8) || text.Follows(start, "optional"u8),
                9 => text.Follows(start, "undefined"u8),
                _ => false,
            };
    }

    private static bool IsOneByteRepeated(ref ScanText text, int start, int end)
    {
        if (text[start] is not ('*' or 'x' or 'X' or '.' or '-' or '_' or '#'))
        {
            return false;
        }

        for (var i = start + 1; i < end; i++)
        {
            if (text[i] != text[start])
            {
                return false;
            }
        }

        return true;
    }

    // A call or an index in source code: os.environ["X"], getpass(...
    private static bool IsCall(ref ScanText text, int start, int end)
    {
        for (var i = start; i < end; i++)
        {
            var b = text[i];
            if (b is '(' or '[' && i > start)
            {
                return true;
            }

            if (!AsciiByte.IsLetter(b) && b is not ('_' or '.'))
            {
                return false;
            }
        }

        return false;
    }
}
