using System.Buffers.Text;
using System.Globalization;
using System.Text;
using LlmGuard.Http.Json;

namespace LlmGuard.Http.Dialects;

/// <summary>Request changes that dialects carry out alike.</summary>
internal static class CommonChanges
{
    /// <summary>
    /// Changes a request whose model and limit are members of its root, and whose answers report usage without being asked, streamed or not.
    /// </summary>
    /// <param name="change">The change.</param>
    /// <param name="members">The request.</param>
    /// <param name="limit">The member that limits the answer's tokens.</param>
    public static bool WhereUsageIsAlwaysReported(RequestChange change, RequestMembers members, string limit) => change switch
    {
        RequestChange.Model model => Model(model, members),
        RequestChange.MaxTokens most => MaxTokens(most, members, limit),
        RequestChange.ReportUsage => true,
        _ => false,
    };

    public static bool Model(RequestChange.Model change, RequestMembers members)
    {
        var model = members.Find("model"u8);
        if (model < 0)
        {
            members.Insert(0, (byte[])[.. "\"model\":"u8, .. RequestMembers.Quote(change.Name).Span]);
        }
        else
        {
            members.Replace(model, RequestMembers.Quote(change.Name));
        }

        return true;
    }

    /// <summary>Lowers every limit the caller gave that is higher; gives one when there is none.</summary>
    /// <param name="change">The change.</param>
    /// <param name="members">The request.</param>
    /// <param name="name">The member to add when there is none.</param>
    /// <param name="alternative">Another member that servers accept for the same.</param>
    public static bool MaxTokens(RequestChange.MaxTokens change, RequestMembers members, string name, string? alternative = null)
    {
        var limit = Encoding.UTF8.GetBytes(change.Limit.ToString(CultureInfo.InvariantCulture));
        var hasLimit = false;
        var given = -1;
        foreach (var member in alternative is null ? [name] : (string[])[name, alternative])
        {
            var value = members.Find(Encoding.UTF8.GetBytes(member.Replace("_", "", StringComparison.Ordinal)));
            if (value < 0)
            {
                continue;
            }

            given = value;
            if (members.KindOf(value) == JsonTokenKind.Null)
            {
                continue;
            }

            if (members.KindOf(value) != JsonTokenKind.Number || !Utf8Parser.TryParse(members.Raw(value), out double tokens, out _))
            {
                return false;
            }

            hasLimit = true;
            if (tokens > change.Limit)
            {
                members.Replace(value, limit);
            }
        }

        if (!hasLimit && given >= 0)
        {
            members.Replace(given, limit);
        }
        else if (!hasLimit)
        {
            members.Insert(0, (byte[])[(byte)'"', .. Encoding.UTF8.GetBytes(name), (byte)'"', (byte)':', .. limit]);
        }

        return true;
    }

    /// <summary>Asks for the usage of a stream as OpenAI's servers want it; an answer that is not streamed always reports it.</summary>
    public static bool IncludeUsage(RequestMembers members)
    {
        var stream = members.Find("stream"u8);
        if (stream < 0 || !members.IsTrue(stream))
        {
            return true;
        }

        var options = members.Find("streamoptions"u8);
        if (options < 0)
        {
            members.Insert(0, "\"stream_options\":{\"include_usage\":true}"u8.ToArray());
            return true;
        }

        if (members.KindOf(options) == JsonTokenKind.Null)
        {
            members.Replace(options, "{\"include_usage\":true}"u8.ToArray());
            return true;
        }

        if (members.KindOf(options) != JsonTokenKind.Object)
        {
            return false;
        }

        var include = members.FindIn(options, "includeusage"u8);
        if (include < 0)
        {
            members.Insert(options, "\"include_usage\":true"u8.ToArray());
        }
        else if (!members.IsTrue(include))
        {
            members.Replace(include, "true"u8.ToArray());
        }

        return true;
    }
}
