using System.Text;

namespace LlmGuard.Http.Wire.Bodies;

/// <summary>The headers of one part of a multipart body.</summary>
internal sealed class PartHead
{
    private const int MostBytes = 16 * 1024;
    private const int MostHeaders = 32;

    private PartHead()
    {
    }

    public string? ContentType { get; private set; }

    /// <summary>The field's name, or null.</summary>
    public string? Name { get; private set; }

    /// <summary>The file's name in any of its spellings, or null.</summary>
    public string? FileName { get; private set; }

    /// <summary>Whether the content is encoded in a way that is not decoded.</summary>
    public bool IsEncoded { get; private set; }

    /// <summary>Everything else a sender wrote: values of further headers and parameters.</summary>
    public List<string> Others { get; } = [];

    /// <summary>Reads header lines; null when they are malformed, too many, or say one thing twice.</summary>
    public static PartHead? Parse(ReadOnlySpan<byte> lines)
    {
        if (lines.Length > MostBytes || !System.Text.Unicode.Utf8.IsValid(lines))
        {
            return null;
        }

        var head = new PartHead();
        var names = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var line in Encoding.UTF8.GetString(lines).Split("\r\n", StringSplitOptions.None))
        {
            if (line.Length == 0 && lines.IsEmpty)
            {
                break;
            }

            var colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon <= 0 || line.AsSpan().ContainsAny('\r', '\n', '\0') || line.AsSpan(0, colon).ContainsAny(' ', '\t')
                || !names.Add(line[..colon]) || names.Count > MostHeaders
                    || !head.Add(line[..colon].ToLowerInvariant(), line[(colon + 1)..].Trim(' ', '\t')))
            {
                return null;
            }
        }

        return head;
    }

    private bool Add(string name, string value)
    {
        switch (name)
        {
            case "content-type":
                ContentType = value;
                return true;
            case "content-disposition":
                return AddDisposition(value);
            case "content-transfer-encoding":
                IsEncoded |= value.ToUpperInvariant() is not ("7BIT" or "8BIT" or "BINARY" or "");
                return true;
            case "content-encoding":
                IsEncoded |= !value.Equals("identity", StringComparison.OrdinalIgnoreCase);
                return true;
            case "content-length":
                return true;
            default:
                Others.Add(value);
                return true;
        }
    }

    private bool AddDisposition(string value)
    {
        var rest = value.AsSpan();
        var end = rest.IndexOf(';');
        if (end < 0)
        {
            return true;
        }

        var seen = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        rest = rest[(end + 1)..];
        while (!rest.Trim(" \t;").IsEmpty)
        {
            rest = rest.TrimStart(" \t;");
            var equals = rest.IndexOf('=');
            if (equals <= 0)
            {
                return false;
            }

            var name = rest[..equals].TrimEnd(" \t").ToString();
            rest = rest[(equals + 1)..].TrimStart(" \t");
            if (!seen.Add(name) || !TryTakeValue(ref rest, out var text))
            {
                return false;
            }

            if (name.Equals("name", StringComparison.OrdinalIgnoreCase))
            {
                Name = text;
            }
            else if (name.Equals("filename", StringComparison.OrdinalIgnoreCase))
            {
                FileName = FileName is null ? text : FileName + "\n" + text;
            }
            else if (name.Equals("filename*", StringComparison.OrdinalIgnoreCase))
            {
                var decoded = Uri.UnescapeDataString(text);
                FileName = FileName is null ? decoded : FileName + "\n" + decoded;
            }
            else
            {
                Others.Add(text);
            }
        }

        return true;
    }

    private static bool TryTakeValue(ref ReadOnlySpan<char> rest, out string text)
    {
        if (!rest.StartsWith("\""))
        {
            var end = rest.IndexOf(';');
            text = (end < 0 ? rest : rest[..end]).TrimEnd(" \t").ToString();
            rest = end < 0 ? [] : rest[end..];
            return true;
        }

        var value = new StringBuilder();
        for (var i = 1; i < rest.Length; i++)
        {
            if (rest[i] == '"')
            {
                text = value.ToString();
                rest = rest[(i + 1)..].TrimStart(" \t");
                return rest.IsEmpty || rest[0] == ';';
            }

            // Browsers do not escape a backslash, so only the quote that would end the value early is taken as escaped.
            i += rest[i] == '\\' && i + 1 < rest.Length && rest[i + 1] == '"' ? 1 : 0;
            value.Append(rest[i]);
        }

        text = "";
        return false;
    }
}
