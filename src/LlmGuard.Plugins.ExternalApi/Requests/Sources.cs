using System.Collections.Frozen;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace LlmGuard.Plugins.ExternalApi.Requests;

/// <summary>
/// Everything of a call that a request may hold. JSON pointers into one fixed document, so that a wrong one is refused when the policy is read.
/// </summary>
internal static class Sources
{
    private const string HeaderPrefix = "/headers/";

    private static readonly FrozenSet<string> CredentialHeaders = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase,
        "authorization", "proxy-authorization", "cookie", "set-cookie", "x-api-key", "api-key", "x-goog-api-key");

    private static readonly FrozenDictionary<string, Source> Known = new Dictionary<string, Source>(StringComparer.Ordinal)
    {
        ["/input"] = new(TextUse.Many, static (w, q) => w.WriteStringValue(q.Input.Span), static q => Encoding.UTF8.GetString(q.Input.Span)),
        ["/segments"] = new(TextUse.Many, SegmentList.Write, null),
        ["/segments/0"] = new(TextUse.One, static (w, q) => SegmentList.WriteItem(w, q, 0), null),
        ["/segments/0/text"] = new(TextUse.One, static (w, q) => w.WriteStringValue(q.Input.Span), static q => Encoding.UTF8.GetString(q.Input.Span)),
        ["/segments/0/role"] = Source.OfText(static q => SegmentList.RoleOf(q.Texts[0]), TextUse.One),
        ["/segments/0/kind"] = Source.OfText(static q => q.Texts[0].First.Kind.ToString(), TextUse.One),
        ["/segments/0/name"] = Source.OfText(static q => q.Texts[0].First.Name, TextUse.One),
        ["/body"] = new(TextUse.Many, BodyView.Write, null),
        ["/body/messages"] = new(TextUse.Many, BodyView.WriteMessages, null),
        ["/body/model"] = Source.OfText(static q => q.Call.Model),
        ["/body/stream"] =
            new(TextUse.None, static (w, q) => w.WriteBooleanValue(q.Call.IsStreaming), static q => q.Call.IsStreaming ? "true" : "false"),
        ["/body/max_tokens"] = new(TextUse.None, WriteMaxTokens, static q => q.Call.MaxTokens?.ToString(CultureInfo.InvariantCulture)),
        ["/body/n"] =
            new(TextUse.None, static (w, q) => w.WriteNumberValue(q.Call.Choices), static q => q.Call.Choices.ToString(CultureInfo.InvariantCulture)),
        ["/identity/consumer"] = Source.OfText(static q => q.Call.Caller.Consumer),
        ["/identity/groups"] = new(TextUse.None, WriteGroups, null),
        ["/call/stage"] = Source.OfText(static q => CallFacts.StageOf(q.Call)),
        ["/call/direction"] = Source.OfText(static q => CallFacts.DirectionOf(q.Call)),
        ["/call/dialect"] = Source.OfText(static q => q.Call.Dialect),
        ["/call/gateway"] = Source.OfText(static q => q.Call.Scope.Gateway),
        ["/call/service"] = Source.OfText(static q => q.Call.Scope.Service),
        ["/call/rule"] = Source.OfText(static q => q.Call.Scope.Rule),
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private static readonly string Choices = string.Join(", ", Known.Keys.Order(StringComparer.Ordinal)) + ", " + HeaderPrefix + "<name>";

    /// <summary>The source a pointer names; <c>input</c> without a slash is the plugin guide's word for <c>/input</c>.</summary>
    /// <exception cref="FormatException">There is none.</exception>
    public static Source Parse(string pointer)
    {
        if (Known.TryGetValue(pointer == "input" ? "/input" : pointer, out var source))
        {
            return source;
        }

        if (pointer.StartsWith("/segments/", StringComparison.Ordinal) && char.IsAsciiDigit(pointer["/segments/".Length]))
        {
            throw new FormatException(
                "only the first segment can be named (each text is then a request of its own): another one's number would leave out texts");
        }

        return pointer.StartsWith(HeaderPrefix, StringComparison.Ordinal)
            ? Header(pointer[HeaderPrefix.Length..])
            : throw new FormatException("there is no such source; expected one of " + Choices);
    }

    private static Source Header(string name)
    {
        if (!HeaderText.IsName(name))
        {
            throw new FormatException("expected the name of a header");
        }

        return CredentialHeaders.Contains(name)
            ? throw new FormatException("a header that holds the caller's credentials is never sent")
            : Source.OfText(question => question.Call.Headers?.Find(name));
    }

    private static void WriteMaxTokens(Utf8JsonWriter writer, Question question)
    {
        if (question.Call.MaxTokens is { } limit)
        {
            writer.WriteNumberValue(limit);
        }
        else
        {
            writer.WriteNullValue();
        }
    }

    private static void WriteGroups(Utf8JsonWriter writer, Question question) => CallFacts.WriteGroups(writer, question.Call);
}
