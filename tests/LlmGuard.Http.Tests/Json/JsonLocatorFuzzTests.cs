using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using LlmGuard.Http.Json;

namespace LlmGuard.Http.Tests.Json;

/// <summary>
/// The locator against <see cref="JsonDocument"/> with UTF-8, surrogate and duplicate checks: both accept the same texts and see the same
/// strings. <c>LLMGUARD_FUZZ_MINUTES</c> makes it run as long.
/// </summary>
public sealed class JsonLocatorFuzzTests
{
    private const int MaxDepth = 16;
    private static readonly byte[] Interesting = "{}[]\",:\\u0dDeE+-.tfn0 \n\0/\u007F"u8.ToArray().Concat(new byte[] { 0x80, 0xBF, 0xC0, 0xED, 0xA0, 0xEF, 0xBB, 0xF0, 0xFF }).ToArray();

    [Test]
    public void Locate_MutatedTexts_AgreesWithTheReference()
    {
        var minutes = double.TryParse(Environment.GetEnvironmentVariable("LLMGUARD_FUZZ_MINUTES"), CultureInfo.InvariantCulture, out var given) ? given : 0;
        var clock = Stopwatch.StartNew();
        var accepted = 0;
        var round = 0;
        for (; round < 20_000 || clock.Elapsed.TotalMinutes < minutes; round++)
        {
            var json = Mutated(round);
            var reference = Reference(json);
            var seen = Located(json);
            Assert.That(seen, Is.EqualTo(reference), $"round {round}: {Convert.ToBase64String(json)}");
            accepted += seen is null ? 0 : 1;
        }

        // Both kinds must occur, or the comparison says nothing.
        Assert.That(accepted, Is.InRange(round / 20, round - (round / 20)));
    }

    private static byte[] Mutated(int round)
    {
        var random = new Random(round);
        var json = Encoding.UTF8.GetBytes(new JsonSample(round, 20).Json).ToList();
        for (var mutations = random.Next(3); mutations > 0 && json.Count > 0; mutations--)
        {
            var at = random.Next(json.Count);
            switch (random.Next(6))
            {
                case 0:
                    json.RemoveAt(at);
                    break;
                case 1:
                    json.Insert(at, Interesting[random.Next(Interesting.Length)]);
                    break;
                case 2:
                    json[at] = Interesting[random.Next(Interesting.Length)];
                    break;
                case 3:
                    json.RemoveRange(at, json.Count - at);
                    break;
                case 4:
                    json.InsertRange(at, json.GetRange(at, Math.Min(random.Next(8), json.Count - at)));
                    break;
                default:
                    json.InsertRange(at, "\\ud83d"u8.ToArray());
                    break;
            }
        }

        return [.. json];
    }

    private static string? Located(byte[] json)
    {
        using var tape = new JsonTape();
        if (JsonReaderLocator.Instance.Locate(json, MaxDepth, int.MaxValue, tape) != JsonLocateStatus.Ok)
        {
            return null;
        }

        var seen = new StringBuilder();
        var scratch = new byte[json.Length];
        for (var i = 0; i < tape.Count; i++)
        {
            var token = tape[i];
            var raw = json.AsSpan(token.Start, token.Length);
            seen.Append(token.Kind).Append('=').Append(token.Kind switch
            {
                JsonTokenKind.Key or JsonTokenKind.String =>
                    Encoding.UTF8.GetString(token.HasEscapes ? scratch.AsSpan(0, JsonEscapes.Unescape(raw, scratch)) : raw),
                JsonTokenKind.Number => Encoding.UTF8.GetString(raw),
                JsonTokenKind.Object or JsonTokenKind.Array => (token.Next - i).ToString(CultureInfo.InvariantCulture),
                _ => "",
            }).Append('\n');
        }

        return seen.ToString();
    }

    private static string? Reference(byte[] json)
    {
        if (!Utf8.IsValid(json))
        {
            return null;
        }

        try
        {
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = MaxDepth, AllowDuplicateProperties = false });
            var seen = new StringBuilder();
            Walk(document.RootElement, seen);
            return seen.ToString();
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // InvalidOperationException is how it reports a lone surrogate.
            return null;
        }
    }

    private static int Walk(JsonElement element, StringBuilder seen)
    {
        var (tokens, at) = (1, seen.Length);
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (var property in element.EnumerateObject())
                {
                    seen.Append("Key=").Append(property.Name).Append('\n');
                    tokens += 1 + Walk(property.Value, seen);
                }

                seen.Insert(at, "Object=" + tokens.ToString(CultureInfo.InvariantCulture) + "\n");
                break;
            case JsonValueKind.Array:
                foreach (var item in element.EnumerateArray())
                {
                    tokens += Walk(item, seen);
                }

                seen.Insert(at, "Array=" + tokens.ToString(CultureInfo.InvariantCulture) + "\n");
                break;
            case JsonValueKind.String:
                seen.Append("String=").Append(element.GetString()).Append('\n');
                break;
            case JsonValueKind.Number:
                seen.Append("Number=").Append(element.GetRawText()).Append('\n');
                break;
            default:
                seen.Append(element.ValueKind).Append("=\n");
                break;
        }

        return tokens;
    }
}
