using System.Text.Json;
using LlmGuard.Http.Dialects;

namespace LlmGuard.Http.Wire.Bodies;

/// <summary>
/// One line of a batch file, <c>{"custom_id", "method", "url", "body": {...}}</c>: the inner body is read as the dialect of its URL, the rest as
/// any JSON.
/// </summary>
internal sealed class BatchLine : ComposedBody
{
    private static readonly byte[] Placeholder = "null"u8.ToArray();

    private readonly ReadBody _envelope;
    private readonly ReadOnlyMemory<byte> _envelopeText;
    private readonly ReadBody _body;
    private readonly ReadOnlyMemory<byte> _bodyText;

    private BatchLine(ReadBody envelope, ReadOnlyMemory<byte> envelopeText, ReadBody body, ReadOnlyMemory<byte> bodyText) =>
        (_envelope, _envelopeText, _body, _bodyText) = (envelope, envelopeText, body, bodyText);

    /// <summary>Reads a line of a request; one that is no batch line as any JSON.</summary>
    public static BodyReadResult Read(ReadOnlyMemory<byte> line, BodyReading reading)
    {
        if (!TryLocate(line.Span, out var url, out var method, out var span) || url is null || span is not { } bodySpan)
        {
            return JsonReadBody.Read(line, reading, DialectRegistry.FromBody(line.Span));
        }

        // A copy of the line without its body, so that no text is read twice and each part can be edited by itself.
        ReadOnlyMemory<byte> envelopeText = ByteSplice.Apply(line.Span, [new ByteSplice(bodySpan, Placeholder)]);
        var envelope = JsonReadBody.Read(envelopeText, reading, dialect: null);
        if (envelope.Body is null)
        {
            return envelope;
        }

        var bodyText = line.Slice(bodySpan.Start, bodySpan.Length);
        var path = Uri.TryCreate(url, UriKind.Absolute, out var absolute) && absolute.Scheme.StartsWith("http", StringComparison.Ordinal)
            ? absolute.AbsolutePath
            : url.Split('?')[0];
        var dialect = DialectRegistry.FromPath(method ?? "POST", path) ?? DialectRegistry.FromBody(bodyText.Span);
        var body = JsonReadBody.Read(bodyText, reading, dialect);
        return body.Body is null
            ? body
            : BodyReadResult.Read(new BatchLine(envelope.Body, envelopeText, body.Body, bodyText)
            {
                Composed = body.Body.Facts with { JsonDepth = body.Body.Facts.JsonDepth + 1 },
            });
    }

    public override BodyRewrite Rewrite(IReadOnlyList<TextEdit> edits, IReadOnlyList<RequestChange> changes)
    {
        var envelope = _envelope.Rewrite(edits, []);
        var body = _body.Rewrite(edits, changes);
        if (envelope.CannotApply || body.CannotApply)
        {
            return BodyRewrite.NotApplicable;
        }

        if (envelope.Bytes is null && body.Bytes is null)
        {
            return BodyRewrite.Unchanged;
        }

        var text = envelope.Bytes ?? _envelopeText;
        return TryLocate(text.Span, out _, out _, out var span) && span is { } placeholder
            ? BodyRewrite.To(ByteSplice.Apply(text.Span, [new ByteSplice(placeholder, body.Bytes ?? _bodyText)]))
            : BodyRewrite.NotApplicable;
    }

    /// <summary>Finds the top-level members of a line; false when it is no JSON object, which its strict reader then says.</summary>
    private static bool TryLocate(ReadOnlySpan<byte> line, out string? url, out string? method, out TextSpan? body)
    {
        url = method = null;
        body = null;
        try
        {
            var reader = new Utf8JsonReader(line);
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            {
                return false;
            }

            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var isBody = reader.ValueTextEquals("body"u8);
                var isUrl = reader.ValueTextEquals("url"u8);
                var isMethod = reader.ValueTextEquals("method"u8);
                if (!reader.Read())
                {
                    return false;
                }

                var start = (int)reader.TokenStartIndex;
                var text = (isUrl || isMethod) && reader.TokenType == JsonTokenType.String ? reader.GetString() : null;
                url = isUrl ? text : url;
                method = isMethod ? text : method;
                var isObject = reader.TokenType is JsonTokenType.StartObject or JsonTokenType.Null;
                reader.Skip();
                if (isBody && isObject)
                {
                    // A second one is refused by the strict reader, which sees the envelope with one placeholder and one body.
                    body ??= new TextSpan(start, (int)reader.BytesConsumed - start);
                }
            }

            return reader.TokenType == JsonTokenType.EndObject;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // Malformed JSON, or an escaped lone surrogate: the strict reader refuses the line as a whole.
            return false;
        }
    }
}
