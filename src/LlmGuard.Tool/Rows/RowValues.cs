using System.Globalization;
using System.Text.Json;

namespace LlmGuard.Tool.Rows;

/// <summary>Reads the values of a row, each with an error that says what was expected.</summary>
internal static class RowValues
{
    public delegate T ItemReader<out T>(ref Utf8JsonReader reader, string path);

    public static string Name(JsonTokenType token) => token switch
    {
        JsonTokenType.StartObject => "an object",
        JsonTokenType.StartArray => "an array",
        JsonTokenType.String => "a string",
        JsonTokenType.Number => "a number",
        JsonTokenType.True or JsonTokenType.False => "a boolean",
        JsonTokenType.Null => "null",
        _ => "nothing",
    };

    public static ReadOnlyMemory<byte> Utf8(ref Utf8JsonReader reader, string path)
    {
        Expect(ref reader, JsonTokenType.String, path);
        var bytes = new byte[reader.ValueSpan.Length];
        try
        {
            return bytes.AsMemory(0, reader.CopyString(bytes));
        }
        catch (InvalidOperationException)
        {
            throw new RowException(path, "holds a lone surrogate");
        }
    }

    public static string Text(ref Utf8JsonReader reader, string path)
    {
        if (reader.TokenType != JsonTokenType.String)
        {
            throw Mismatch(reader.TokenType, JsonTokenType.String, path);
        }

        try
        {
            return reader.GetString()!;
        }
        catch (InvalidOperationException)
        {
            throw new RowException(path, "holds a lone surrogate");
        }
    }

    public static string? OptionalText(ref Utf8JsonReader reader, string path)
    {
        reader.Read();
        return reader.TokenType == JsonTokenType.Null ? null : Text(ref reader, path);
    }

    /// <summary>A string or number as it stands, so that it comes back exactly.</summary>
    public static byte[]? Raw(ref Utf8JsonReader reader, string path)
    {
        reader.Read();
        return reader.TokenType switch
        {
            JsonTokenType.Null => null,
            JsonTokenType.Number => reader.ValueSpan.ToArray(),
            JsonTokenType.String => [(byte)'"', .. reader.ValueSpan, (byte)'"'],
            var found => throw new RowException(path, $"expected a string or a number, found {Name(found)}"),
        };
    }

    public static bool? Label(ref Utf8JsonReader reader, string path)
    {
        reader.Read();
        return reader.TokenType switch
        {
            JsonTokenType.Null => null,
            JsonTokenType.True => true,
            JsonTokenType.False => false,
            JsonTokenType.Number when reader.TryGetInt32(out var value) && value is 0 or 1 => value == 1,
            JsonTokenType.Number => throw new RowException(path, "expected 0, 1, true or false, found another number"),
            var found => throw new RowException(path, $"expected 0, 1, true or false, found {Name(found)}"),
        };
    }

    public static bool Boolean(ref Utf8JsonReader reader, string path)
    {
        reader.Read();
        return reader.TokenType switch
        {
            JsonTokenType.True => true,
            JsonTokenType.False => false,
            var found => throw new RowException(path, $"expected true or false, found {Name(found)}"),
        };
    }

    public static GoldSpan Span(ref Utf8JsonReader reader, string path)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            throw Mismatch(reader.TokenType, JsonTokenType.StartObject, path);
        }

        int start = -1, end = -1;
        string? type = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("start"u8))
            {
                start = Offset(ref reader, path + ".start");
            }
            else if (reader.ValueTextEquals("end"u8))
            {
                end = Offset(ref reader, path + ".end");
            }
            else if (reader.ValueTextEquals("type"u8))
            {
                reader.Read();
                type = Text(ref reader, path + ".type");
            }
            else
            {
                reader.Skip();
            }
        }

        return start < 0 ? throw new RowException(path + ".start", "is required: a whole number of at least 0")
            : end <= start ? throw new RowException(path + ".end", "is required: a whole number above \"start\"")
            : new GoldSpan(start, end, type ?? throw new RowException(path + ".type", "is required: a string"));
    }

    /// <summary>A list, or null for null.</summary>
    public static List<T>? List<T>(ref Utf8JsonReader reader, string path, ItemReader<T> readItem)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.Null)
        {
            return null;
        }

        if (reader.TokenType != JsonTokenType.StartArray)
        {
            throw Mismatch(reader.TokenType, JsonTokenType.StartArray, path);
        }

        var items = new List<T>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            items.Add(readItem(ref reader, string.Create(CultureInfo.InvariantCulture, $"{path}[{items.Count}]")));
        }

        return items;
    }

    private static int Offset(ref Utf8JsonReader reader, string path)
    {
        Expect(ref reader, JsonTokenType.Number, path);
        return reader.TryGetInt32(out var offset) && offset >= 0 ? offset : throw new RowException(path, "expected a whole number of at least 0");
    }

    private static void Expect(ref Utf8JsonReader reader, JsonTokenType expected, string path)
    {
        reader.Read();
        if (reader.TokenType != expected)
        {
            throw Mismatch(reader.TokenType, expected, path);
        }
    }

    private static RowException Mismatch(JsonTokenType found, JsonTokenType expected, string path) =>
        new(path, $"expected {Name(expected)}, found {Name(found)}");
}
