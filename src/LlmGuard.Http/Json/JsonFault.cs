using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using LlmGuard.Planning;

namespace LlmGuard.Http.Json;

/// <summary>
/// Says why a JSON text cannot be read and where: a line and a byte in it, both counted from 1. Never what stands there, which is content, names
/// included.
/// </summary>
/// <remarks>
/// The locator stops where it knows that a text is not to be read, which may be a block behind the cause. Only texts that are refused are read
/// again here, for whoever has to mend them.
/// </remarks>
internal static class JsonFault
{
    /// <summary>Finds the cause of a failure.</summary>
    /// <param name="json">The text.</param>
    /// <param name="tape">What the locator found in it.</param>
    /// <param name="walk">Who read it, or null when the locator refused it.</param>
    /// <param name="status">The failure.</param>
    /// <param name="limits">The limits it was read under.</param>
    /// <returns>Half a sentence about "the request".</returns>
    public static string Describe(ReadOnlySpan<byte> json, JsonTape tape, JsonWalk? walk, JsonLocateStatus status, PlanLimits limits) => status switch
    {
        JsonLocateStatus.TooDeep => string.Create(CultureInfo.InvariantCulture, $"its JSON is nested deeper than {limits.MaxDepth} levels"),
        JsonLocateStatus.TooManyTokens => "its JSON has more values than the policy allows",
        JsonLocateStatus.Ambiguous when walk is null => DescribeAmbiguous(json, tape),
        JsonLocateStatus.Ambiguous when walk.Duplicate is { } twice => DescribeDuplicate(json, twice),
        JsonLocateStatus.Ambiguous => "it holds JSON within a string that readers understand differently",
        _ => DescribeMalformed(json),
    };

    private static string DescribeMalformed(ReadOnlySpan<byte> json)
    {
        if (json.Trim(" \t\r\n"u8).IsEmpty)
        {
            return "it is empty where JSON is expected";
        }

        if (json.StartsWith("\uFEFF"u8))
        {
            return "it begins with a byte order mark, which JSON must not (RFC 8259, section 8.1)";
        }

        if (!Utf8.IsValid(json))
        {
            return "it is not UTF-8" + Place(json, FirstInvalid(json));
        }

        try
        {
            var reader = Reader(json);
            while (reader.Read())
            {
            }

            return "it is not JSON (RFC 8259)";
        }
        catch (JsonException malformed)
        {
            return "it is not JSON (RFC 8259)" + Place(malformed.LineNumber, malformed.BytePositionInLine);
        }
    }

    private static string DescribeAmbiguous(ReadOnlySpan<byte> json, JsonTape tape)
    {
        var reader = Reader(json);
        while (reader.Read())
        {
            if (reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName && reader.ValueIsEscaped && !IsText(ref reader))
            {
                return "it holds half of a surrogate pair in the string" + Place(json, (int)reader.TokenStartIndex);
            }
        }

        for (var token = 0; token < tape.Count; token++)
        {
            if (tape[token].Kind == JsonTokenKind.Object && JsonKeys.FindDuplicate(json, tape, token, folded: false) is var twice and >= 0)
            {
                return DescribeDuplicate(json, tape[twice].Start);
            }
        }

        return "its JSON is understood differently by different readers";
    }

    // The quote is what a reader looks for, not the letter behind it.
    private static string DescribeDuplicate(ReadOnlySpan<byte> json, int name) => "it has the same name twice in one object" + Place(json, name - 1);

    private static Utf8JsonReader Reader(ReadOnlySpan<byte> json) => new(json, new JsonReaderOptions { MaxDepth = int.MaxValue });

    private static bool IsText(ref Utf8JsonReader reader)
    {
        try
        {
            reader.GetString();
            return true;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    private static int FirstInvalid(ReadOnlySpan<byte> text)
    {
        var at = 0;
        while (Rune.DecodeFromUtf8(text[at..], out _, out var length) == OperationStatus.Done)
        {
            at += length;
            at += Math.Max(0, text[at..].IndexOfAnyExceptInRange((byte)0, (byte)0x7F));
        }

        return at;
    }

    private static string Place(ReadOnlySpan<byte> text, int offset) =>
        Place(text[..offset].Count((byte)'\n'), offset - 1 - text[..offset].LastIndexOf((byte)'\n'));

    private static string Place(long? line, long? offset) =>
        string.Create(CultureInfo.InvariantCulture, $", at line {line + 1}, byte {offset + 1}");
}
