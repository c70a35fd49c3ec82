using System.Globalization;
using LlmGuard.Remote.Judging;

namespace LlmGuard.Plugins.ExternalApi.Answers;

/// <summary>What an HTTP status means.</summary>
internal enum StatusMeaning
{
    /// <summary>What it means to every judge: see the README of LlmGuard.Remote.</summary>
    Error,

    /// <summary>The body is read as that of a 200.</summary>
    Answer,

    /// <summary>Nothing to object to, whatever the body.</summary>
    Allow,

    /// <summary>A refusal, whatever the body.</summary>
    Block,
}

/// <summary>What the policy says about the statuses of the service. Immutable.</summary>
internal sealed class StatusMeanings
{
    private readonly Dictionary<int, StatusMeaning> _single = [];
    private readonly Dictionary<int, StatusMeaning> _classes = [];

    public static StatusMeanings Read(GuardrailSettings settings)
    {
        var meanings = new StatusMeanings();
        settings.List("statuses", item => meanings.Read(item, item.Parsed("status", Parse, (0, false), required: true)));
        return meanings;
    }

    /// <summary>Whether a status is a refusal by itself.</summary>
    public bool HasBlock => _single.ContainsValue(StatusMeaning.Block) || _classes.ContainsValue(StatusMeaning.Block);

    public bool IsAnswer(int status) => Of(status) != StatusMeaning.Error;

    /// <summary>The verdict of a status by itself; null when the body must be read.</summary>
    public GuardrailVerdict? VerdictOf(int status, MessageTemplate message) => Of(status) switch
    {
        StatusMeaning.Allow => GuardrailVerdict.Allow,
        StatusMeaning.Block => GuardrailVerdict.Block(message.Refuse("status"), new GuardrailFinding("status", "external")),
        _ => null,
    };

    /// <summary>Statuses that say nothing about the content: a class such as 4xx does not include them.</summary>
    private static bool IsAboutCaller(int status) => status is 401 or 403 or 407 or 408 or 429;

    private static (int Status, bool IsClass) Parse(string text)
    {
        if (text is [>= '2' and <= '5', 'x', 'x'])
        {
            return (text[0] - '0', true);
        }

        var isNumber = int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var status);
        return isNumber && text.Length == 3 && status is >= 200 and <= 599
            ? (status, false)
            : throw new FormatException("expected a status from \"200\" to \"599\", or a class such as \"4xx\"");
    }

    private StatusMeaning Of(int status)
    {
        if (_single.TryGetValue(status, out var meaning) || (!IsAboutCaller(status) && _classes.TryGetValue(status / 100, out meaning)))
        {
            return meaning;
        }

        return status is >= 200 and <= 299 ? StatusMeaning.Answer : StatusMeaning.Error;
    }

    private StatusMeaning Read(GuardrailSettings item, (int Status, bool IsClass) status)
    {
        var meaning = item.Choice(
            "means",
            StatusMeaning.Error,
            KeyValuePair.Create("error", StatusMeaning.Error),
            KeyValuePair.Create("answer", StatusMeaning.Answer),
            KeyValuePair.Create("allow", StatusMeaning.Allow),
            KeyValuePair.Create("block", StatusMeaning.Block));
        var first = status.IsClass ? status.Status : status.Status / 100;
        if (meaning == StatusMeaning.Allow && (first == 5 || (!status.IsClass && IsAboutCaller(status.Status))))
        {
            item.Problem("means", "an outage is no clearance: say \"on_error\": \"allow\" at the entry, which records that the check failed");
        }

        if (meaning == StatusMeaning.Error && first == 2)
        {
            item.Problem("means", "a 2xx is an answer, an \"allow\" or a \"block\"");
        }

        if (status.Status != 0 && !(status.IsClass ? _classes : _single).TryAdd(status.Status, meaning))
        {
            item.Problem("status", "is there twice");
        }

        return meaning;
    }
}
