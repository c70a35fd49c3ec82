using System.Text;
using LlmGuard.Http.Wire.Encodings;

namespace LlmGuard.Http.Wire.Heads;

/// <summary>Changes of a request's path and query that no text edit stands for.</summary>
internal static class RequestTarget
{
    /// <summary>
    /// The model a path names, and where; null when the body names it. A listing (<c>/models/x</c> and nothing after it) names none.
    /// </summary>
    public static (string Name, int Start, int Length)? Model(string rawPath)
    {
        // Azure OpenAI, Gemini and Vertex, Bedrock: the segment behind one of these.
        var parent = default(ReadOnlySpan<char>);
        for (var start = 0; start <= rawPath.Length;)
        {
            var slash = rawPath.IndexOf('/', start);
            var (end, isLast) = slash < 0 ? (rawPath.Length, true) : (slash, false);
            var segment = rawPath.AsSpan(start, end - start);
            if (parent is "deployments" or "models" or "model" && segment.Length > 0)
            {
                var verb = segment.IndexOf(':');
                if (parent is "models" ? isLast && verb > 0 : !isLast)
                {
                    var length = parent is "models" ? verb : segment.Length;
                    return (Uri.UnescapeDataString(segment[..length].ToString()), start, length);
                }
            }

            parent = segment;
            start = end + 1;
        }

        return null;
    }

    /// <summary>A query with one parameter set or removed: the first of that name keeps its place, others go.</summary>
    /// <param name="rawQuery">The query without <c>?</c>.</param>
    /// <param name="change">The change.</param>
    public static byte[] Change(byte[] rawQuery, RequestChange.QueryValue change)
    {
        var pair = Encoding.ASCII.GetBytes(
            Encoding.ASCII.GetString(PercentEncoding.Encode(Encoding.UTF8.GetBytes(change.Name)))
            + "=" + Encoding.ASCII.GetString(PercentEncoding.Encode(Encoding.UTF8.GetBytes(change.Value ?? ""))));
        var pairs = new List<ReadOnlyMemory<byte>>();
        var isSet = change.Value is null;
        foreach (var field in FormField.Split(rawQuery))
        {
            var name = PercentEncoding.Decode(rawQuery.AsMemory(field.Name.Start, field.Name.Length), plusIsSpace: true);
            if (!name.Span.SequenceEqual(Encoding.UTF8.GetBytes(change.Name)))
            {
                pairs.Add(rawQuery.AsMemory(field.Name.Start, field.End - field.Name.Start));
            }
            else if (!isSet)
            {
                pairs.Add(pair);
                isSet = true;
            }
        }

        if (!isSet)
        {
            pairs.Add(pair);
        }

        using var query = new MemoryStream();
        for (var i = 0; i < pairs.Count; i++)
        {
            query.Write(i == 0 ? [] : "&"u8);
            query.Write(pairs[i].Span);
        }

        return query.ToArray();
    }
}
