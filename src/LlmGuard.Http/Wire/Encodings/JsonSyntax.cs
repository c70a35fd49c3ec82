using System.Buffers;
using System.Text.Json;

namespace LlmGuard.Http.Wire.Encodings;

/// <summary>Whether bytes of unknown type are JSON. Decides only who reads them; what may pass is the strict reader's business.</summary>
internal static class JsonSyntax
{
    private static readonly SearchValues<byte> Blank = SearchValues.Create(" \t\r\n"u8);

    /// <summary>Whether the text starts like a JSON object or array, after white space.</summary>
    public static bool StartsLikeContainer(ReadOnlySpan<byte> text)
    {
        var start = text.IndexOfAnyExcept(Blank);
        return start >= 0 && text[start] is (byte)'{' or (byte)'[';
    }

    /// <summary>Whether the text is a JSON value by grammar with another object or array begun behind it.</summary>
    public static bool BeginsSeveral(ReadOnlySpan<byte> text)
    {
        try
        {
            var reader = new Utf8JsonReader(text, new JsonReaderOptions { MaxDepth = int.MaxValue, AllowMultipleValues = true });
            return reader.Read() && reader.TrySkip() && StartsLikeContainer(text[(int)reader.BytesConsumed..]);
        }
        catch (JsonException)
        {
            return false;
        }
    }

    /// <summary>Whether the whole text is one JSON value by grammar.</summary>
    public static bool IsValue(ReadOnlySpan<byte> text)
    {
        try
        {
            var reader = new Utf8JsonReader(text, new JsonReaderOptions { MaxDepth = int.MaxValue });
            while (reader.Read())
            {
            }

            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
