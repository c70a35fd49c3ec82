namespace LlmGuard.Http.Wire.Streams;

/// <summary>
/// The content of a stream as one message: texts cut over events are put together, and what every event repeats (ids, the model's name) is
/// there once. Knows which of the events' segments each of its own stands for.
/// </summary>
/// <param name="events">The events' segments; equal join numbers mark the pieces of one text.</param>
internal sealed class AssembledStream(GuardrailContent events)
{
    private readonly PartCopies _parts = new();
    private readonly Dictionary<int, ChannelText> _channels = [];
    private readonly Dictionary<int, List<int>> _copies = [];

    /// <summary>Puts together what the events gave.</summary>
    /// <param name="events">The events' segments; equal join numbers mark the pieces of one text.</param>
    /// <param name="builder">Gets the message's segments.</param>
    public static AssembledStream Assemble(GuardrailContent events, GuardrailContentBuilder builder)
    {
        var content = new AssembledStream(events);
        var channels = new Dictionary<int, ChannelText>();
        var known = new Dictionary<(SegmentInfo Info, string Text), int>();
        var order = new List<(Segment First, ChannelText? Channel)>();
        foreach (var segment in events)
        {
            var join = segment.Payload == PayloadKind.Text ? segment.Data.Info.Join : -1;
            if (join < 0)
            {
                order.Add((segment, null));
                continue;
            }

            if (!channels.TryGetValue(join, out var channel))
            {
                channels.Add(join, channel = new ChannelText());
                order.Add((segment, channel));
            }

            channel.Add(segment.Index, segment.Utf8.Length, content._parts.PartOf(segment.Data.Info));
        }

        foreach (var (segment, channel) in order)
        {
            if (channel is not null && segment.Kind == SegmentKind.Unknown)
            {
                content.AddPieces(channel, builder);
            }
            else if (channel is not null)
            {
                content.AddChannel(channel, builder, known);
            }
            else
            {
                content.AddSingle(segment, builder, known);
            }
        }

        return content;
    }

    /// <summary>Translates edits of the message's segments into edits of the events' segments, ascending.</summary>
    public List<TextEdit> ToEvents(IReadOnlyList<TextEdit> edits)
    {
        _parts.Clear();
        var translated = new List<TextEdit>();
        var continued = new List<TextEdit>();
        foreach (var edit in edits)
        {
            if (_channels.TryGetValue(edit.Segment, out var channel))
            {
                channel.Split(edit, translated, continued, _parts);
            }

            if (_copies.TryGetValue(edit.Segment, out var copies))
            {
                foreach (var copy in copies)
                {
                    translated.Add(edit with { Segment = copy });
                }
            }
        }

        var replayed = new List<TextEdit>();
        _parts.Replay(events, replayed);
        // A copy is also judged by itself, and so is a part of several. What began in a piece before has its replacement there.
        return OverlappingEdits.Join([.. replayed, .. continued, .. translated]);
    }

    /// <summary>A text, and each of its parts if it has several, which may take turns.</summary>
    private void AddChannel(ChannelText channel, GuardrailContentBuilder builder, Dictionary<(SegmentInfo Info, string Text), int> known)
    {
        _channels.Add(builder.AddValidText(Join(events, channel), JoinedInfo(events, channel)), channel);
        channel.Separate();
        foreach (var part in channel.Parts)
        {
            var (text, info) = (Join(events, part), JoinedInfo(events, part));
            var index = builder.AddValidText(text, info);
            _channels.Add(index, part);
            _copies.Add(index, []);
            known.TryAdd((info, System.Text.Encoding.UTF8.GetString(text.Span)), index);
        }
    }

    /// <summary>
    /// Where no dialect says that the pieces are one text, they are judged both alone and joined, whatever they say: as they are while they arrive.
    /// </summary>
    private void AddPieces(ChannelText channel, GuardrailContentBuilder builder)
    {
        var join = builder.Count;
        foreach (var piece in channel.Segments)
        {
            var segment = events.At(piece);
            _copies.Add(builder.AddValidText(segment.Utf8, segment.Data.Info with { Join = join }), [piece]);
        }
    }

    private void AddSingle(Segment segment, GuardrailContentBuilder builder, Dictionary<(SegmentInfo Info, string Text), int> known)
    {
        ref readonly var data = ref segment.Data;
        switch (segment.Payload)
        {
            case PayloadKind.Binary:
                builder.AddBinary(data.Uninspected ?? UninspectedKind.File, data.Utf8, data.MediaType, data.Uri, data.Info);
                return;
            case PayloadKind.Opaque:
                builder.AddOpaque(data.Uninspected ?? UninspectedKind.File, data.Info);
                return;
        }

        // Leaves of one JSON text stay as they are: their group is what tells them from others.
        if (data.Info.Group >= 0)
        {
            _copies.Add(builder.AddValidText(segment.Utf8, data.Info), [segment.Index]);
            return;
        }

        AddText(segment, data.Info, builder, known);
    }

    private void AddText(Segment segment, SegmentInfo info, GuardrailContentBuilder builder, Dictionary<(SegmentInfo Info, string Text), int> known)
    {
        var key = (info, segment.Text);
        if (known.TryGetValue(key, out var index))
        {
            _copies[index].Add(segment.Index);
            return;
        }

        known.Add(key, index = builder.AddValidText(segment.Utf8, info));
        _copies.Add(index, [segment.Index]);
    }

    private static ReadOnlyMemory<byte> Join(GuardrailContent events, ChannelText channel)
    {
        if (channel.Segments.Count == 1)
        {
            return events[channel.Segments[0]].Utf8;
        }

        var joined = new byte[channel.Length];
        var length = 0;
        foreach (var segment in channel.Segments)
        {
            var piece = events[segment].Utf8;
            piece.CopyTo(joined.AsMemory(length));
            length += piece.Length;
        }

        return joined;
    }

    /// <summary>What is known of the first piece; a text of which a piece may not be edited may not be edited.</summary>
    private static SegmentInfo JoinedInfo(GuardrailContent events, ChannelText channel)
    {
        var info = events[channel.Segments[0]].Data.Info with { Join = -1 };
        foreach (var segment in channel.Segments)
        {
            if (events[segment].Editability.Scope != EditScope.Span && channel.Segments.Count > 1)
            {
                return info with { Editability = events[segment].Editability.Scope == EditScope.None
                    ? events[segment].Editability
                    : Editability.Opaque };
            }
        }

        return info;
    }
}
