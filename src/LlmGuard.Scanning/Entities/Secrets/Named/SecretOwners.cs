using System.Text;

namespace LlmGuard.Scanning.Entities.Secrets.Named;

/// <summary>
/// What a "value", "default" or "key" belongs to: the name stands in the pair or line before, as in <c>- name: DB_PASSWORD\n  value: ...</c>, or
/// before the brace around it.
/// </summary>
internal static class SecretOwners
{
    /// <summary>The bytes before a name that say what it stands for, or none when it says so itself.</summary>
    /// <param name="text">The text.</param>
    /// <param name="start">Where the name starts.</param>
    /// <param name="end">Where it ends.</param>
    public static ReadOnlySpan<byte> Before(ReadOnlySpan<byte> text, int start, int end)
    {
        var name = text[start..end].Trim(" \t\"':=\\"u8);
        var least = Math.Max(0, end - Detector.Left);
        if (Ascii.EqualsIgnoreCase(name, "key"u8))
        {
            return Around(text, start, least);
        }

        if (!Ascii.EqualsIgnoreCase(name, "value"u8) && !Ascii.EqualsIgnoreCase(name, "default"u8))
        {
            return [];
        }

        var beside = Beside(text, start, least);
        return SecretNames.KindOf(beside) == SecretKind.None && Around(text, start, least) is { IsEmpty: false } around ? around : beside;
    }

    // The pair or line before.
    private static ReadOnlySpan<byte> Beside(ReadOnlySpan<byte> text, int start, int least)
    {
        var stop = text[..start].TrimEnd(" \t\r\n,{\\<"u8).Length;
        var from = stop;
        while (from > least && text[from - 1] is not ((byte)'\n' or (byte)',' or (byte)'{' or (byte)'}' or (byte)';' or (byte)'('))
        {
            from--;
        }

        return stop > from && stop < start ? text[from..stop] : [];
    }

    // The name of the object or block: "Jwt": { "Key": ... }, variable "db_password" { default = ... }.
    private static ReadOnlySpan<byte> Around(ReadOnlySpan<byte> text, int start, int least)
    {
        var depth = 0;
        for (var at = start - 1; at >= least; at--)
        {
            depth += text[at] == '}' ? 1 : text[at] == '{' ? -1 : 0;
            if (depth < 0)
            {
                var from = at;
                while (from > least && text[from - 1] is not ((byte)'\n' or (byte)',' or (byte)'{' or (byte)'}' or (byte)';' or (byte)'('))
                {
                    from--;
                }

                return text[from..at];
            }
        }

        return [];
    }
}
