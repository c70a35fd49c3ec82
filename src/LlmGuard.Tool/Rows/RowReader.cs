using System.Text.Json;
using System.Text.Unicode;

namespace LlmGuard.Tool.Rows;

/// <summary>Reads one line of JSON. Keys it does not know are the data's own and pass.</summary>
internal static class RowReader
{
    /// <param name="line">The line.</param>
    /// <param name="isLabelled">Whether labels and spans matter; otherwise they are keys like any other.</param>
    /// <exception cref="RowException">The line is malformed.</exception>
    public static DataRow Read(ReadOnlySpan<byte> line, bool isLabelled)
    {
        // The JSON reader does not look into strings.
        if (!Utf8.IsValid(line))
        {
            throw new RowException("$", "not valid UTF-8");
        }

        var reader = new Utf8JsonReader(line, new JsonReaderOptions { MaxDepth = 64 });
        byte[]? id = null;
        try
        {
            return Read(ref reader, isLabelled, ref id);
        }
        catch (JsonException)
        {
            throw new RowException(new RowException("$", $"not valid JSON at byte {reader.BytesConsumed + 1}"), id);
        }
        catch (RowException problem)
        {
            throw new RowException(problem, id);
        }
    }

    private static DataRow Read(ref Utf8JsonReader reader, bool isLabelled, ref byte[]? id)
    {
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            throw new RowException("$", $"expected an object, found {RowValues.Name(reader.TokenType)}");
        }

        ReadOnlyMemory<byte>? text = null;
        var row = new DataRow { Text = default };
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("text"u8))
            {
                // Readers differ in which of two they take, so neither is.
                text = text is null ? RowValues.Utf8(ref reader, "$.text") : throw new RowException("$.text", "stands twice");
            }
            else if (reader.ValueTextEquals("id"u8))
            {
                id = id is null ? RowValues.Raw(ref reader, "$.id") : throw new RowException("$.id", "stands twice");
            }
            else if (reader.ValueTextEquals("role"u8))
            {
                row = row with { Role = RowValues.OptionalText(ref reader, "$.role") };
            }
            else if (!isLabelled || !TryReadLabels(ref reader, ref row))
            {
                reader.Skip();
            }
        }

        if (reader.Read())
        {
            throw new RowException("$", "more than one JSON value on a line");
        }

        return row with { Id = id, Text = text ?? throw new RowException("$.text", "is required: a string") };
    }

    private static bool TryReadLabels(ref Utf8JsonReader reader, ref DataRow row)
    {
        if (reader.ValueTextEquals("label"u8))
        {
            row = row with { Label = RowValues.Label(ref reader, "$.label") };
        }
        else if (reader.ValueTextEquals("spans"u8))
        {
            row = row with { Spans = RowValues.List(ref reader, "$.spans", RowValues.Span) };
        }
        else if (reader.ValueTextEquals("complete"u8))
        {
            row = row with { IsComplete = RowValues.Boolean(ref reader, "$.complete") };
        }
        else if (reader.ValueTextEquals("scope"u8))
        {
            row = row with { Scope = RowValues.List(ref reader, "$.scope", RowValues.Text) };
        }
        else if (reader.ValueTextEquals("value_only"u8))
        {
            row = row with { IsValueOnly = RowValues.Boolean(ref reader, "$.value_only") };
        }
        else if (reader.ValueTextEquals("category"u8))
        {
            row = row with { Category = RowValues.OptionalText(ref reader, "$.category") };
        }
        else if (reader.ValueTextEquals("label_scope"u8))
        {
            row = row with { HasLabelScope = RowValues.OptionalText(ref reader, "$.label_scope") is not null };
        }
        else
        {
            return false;
        }

        return true;
    }
}
