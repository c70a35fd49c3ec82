using System.Text;
using System.Text.Unicode;
using LlmGuard.Http.Wire.Encodings;

namespace LlmGuard.Http.Wire.Heads;

/// <summary>Path, query and headers of a message as segments, and the way back.</summary>
internal sealed class HeadSegments
{
    // Of a head that nobody reads, as of most messages.
    private static readonly HeadSegments Unread = new(new WireHead { Method = "", RawPath = "" });

    private readonly WireHead _head;
    private Dictionary<int, int>? _headers;
    private FormPairs? _query;
    private readonly ReadOnlyMemory<byte> _rawQuery;

    private HeadSegments(WireHead head)
    {
        _head = head;
        _rawQuery = head.RawQuery.Length == 0 ? default : Encoding.UTF8.GetBytes(head.RawQuery.TrimStart('?'));
    }

    /// <summary>Adds the segments that are asked for; null when something is not text.</summary>
    public static HeadSegments? Read(WireHead head, GuardrailNeeds needs, GuardrailContentBuilder builder)
    {
        if ((needs & (GuardrailNeeds.PathAndQuery | GuardrailNeeds.Headers)) == 0)
        {
            return Unread;
        }

        var segments = new HeadSegments(head);
        if (needs.HasFlag(GuardrailNeeds.PathAndQuery) && head.Status is null && !(segments.AddPath(builder) && segments.AddQuery(builder)))
        {
            return null;
        }

        return needs.HasFlag(GuardrailNeeds.Headers) && !segments.AddHeaders(builder) ? null : segments;
    }

    /// <summary>
    /// The headers after the edits, or null when a header cannot hold its new value. Values of a repeated name are joined into one.
    /// </summary>
    public List<KeyValuePair<string, string?>>? EditHeaders(GuardrailContent content, IReadOnlyList<TextEdit> edits)
    {
        if (_headers is not { } headers)
        {
            return [];
        }

        var values = new Dictionary<int, string>();
        foreach (var group in edits.Where(edit => headers.ContainsKey(edit.Segment)).GroupBy(edit => edit.Segment))
        {
            if (group.Any(edit => !HeaderText.CanHold(edit.Utf8.Span)))
            {
                return null;
            }

            var edited = ByteSplice.Apply(content[group.Key].Utf8.Span, [.. group.Select(edit => new ByteSplice(edit.Span, edit.Utf8))]);
            values.Add(headers[group.Key], Encoding.UTF8.GetString(edited));
        }

        var changed = new List<KeyValuePair<string, string?>>();
        foreach (var name in values.Keys.Select(index => _head.Headers[index].Key).Distinct(StringComparer.OrdinalIgnoreCase))
        {
            var all = _head.Headers
                .Select((header, index) => (header.Key, Value: values.GetValueOrDefault(index, header.Value)))
                .Where(header => header.Key.Equals(name, StringComparison.OrdinalIgnoreCase))
                .Select(header => header.Value);
            changed.Add(new(name, string.Join(", ", all)));
        }

        return changed;
    }

    /// <summary>The raw query without <c>?</c> after the edits, or null when none is of the query.</summary>
    public byte[]? EditQuery(IReadOnlyList<TextEdit> edits) => _query?.Apply(_rawQuery.Span, edits);

    private bool AddPath(GuardrailContentBuilder builder)
    {
        var path = PercentEncoding.Decode(Encoding.UTF8.GetBytes(_head.RawPath), plusIsSpace: false);
        if (!Utf8.IsValid(path.Span))
        {
            return false;
        }

        if (!path.IsEmpty)
        {
            builder.AddValidText(path, new SegmentInfo
            {
                Kind = SegmentKind.Path,
                Source = SegmentSource.PathAndQuery,
                Editability = Editability.Identifier,
            });
        }

        return true;
    }

    private bool AddQuery(GuardrailContentBuilder builder)
    {
        if (_rawQuery.IsEmpty)
        {
            return true;
        }

        foreach (var field in FormField.Split(_rawQuery.Span))
        {
            var name = PercentEncoding.Decode(_rawQuery.Slice(field.Name.Start, field.Name.Length), plusIsSpace: true);
            var value = PercentEncoding.Decode(_rawQuery.Slice(field.Value.Start, field.Value.Length), plusIsSpace: true);
            if (!Utf8.IsValid(name.Span) || !Utf8.IsValid(value.Span))
            {
                return false;
            }

            var nameText = Encoding.UTF8.GetString(name.Span);
            if (QueryNames.IsCredential(nameText))
            {
                continue;
            }

            if (!name.IsEmpty)
            {
                builder.AddValidText(name, new SegmentInfo { Kind = SegmentKind.Key,
                    Source = SegmentSource.PathAndQuery, Editability = Editability.Key });
            }

            if (!value.IsEmpty)
            {
                var info = new SegmentInfo { Kind = SegmentKind.Query, Source = SegmentSource.PathAndQuery, Name = nameText };
                (_query ??= new FormPairs()).Add(builder.AddValidText(value, info), field.Value);
            }
        }

        return true;
    }

    private bool AddHeaders(GuardrailContentBuilder builder)
    {
        for (var i = 0; i < _head.Headers.Count; i++)
        {
            var (name, value) = _head.Headers[i];
            if (value.Length == 0 || HeaderNames.IsFraming(name) || HeaderNames.IsDigest(name) || HeaderNames.IsCredential(name))
            {
                continue;
            }

            // Encoding replaces a lone surrogate silently, so it is looked for first.
            if (!HeaderText.IsWellFormed(value))
            {
                return false;
            }

            (_headers ??= []).Add(
                builder.AddText(value, new SegmentInfo { Kind = SegmentKind.Header, Source = SegmentSource.Headers, Name = name.ToLowerInvariant() }),
                i);
        }

        return true;
    }
}
