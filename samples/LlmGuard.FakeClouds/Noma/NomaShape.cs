using System.Text;
using System.Text.Json;

namespace LlmGuard.FakeClouds.Noma;

/// <summary>What the checks of all Noma requests share.</summary>
internal static class NomaShape
{
    /// <summary>Notes members that the model does not have.</summary>
    public static void Only(JsonElement element, List<string> problems, params IReadOnlyList<string> members)
    {
        if (element.ValueKind != JsonValueKind.Object)
        {
            problems.Add("not an object");
            return;
        }

        problems.AddRange(element.EnumerateObject().Where(m => !members.Contains(m.Name, StringComparer.Ordinal)).Select(m =>
            "unknown member: " + m.Name));
    }

    /// <summary>A text that must be there.</summary>
    public static string Text(JsonElement element, string name, List<string> problems)
    {
        if (element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String)
        {
            return value.GetString()!;
        }

        problems.Add(name + " is not a text");
        return "";
    }

    /// <summary>What an image shows: it is written in its URL, or in its bytes.</summary>
    public static string Image(string url, List<string> problems)
    {
        if (!Uri.TryCreate(url, UriKind.Absolute, out var uri) || uri.Scheme is not ("https" or "http" or "data"))
        {
            problems.Add("not the URL of an image");
            return "";
        }

        var comma = url.IndexOf(";base64,", StringComparison.Ordinal);
        return uri.Scheme == "data" && comma > 0 ? Encoding.Latin1.GetString(Convert.FromBase64String(url[(comma + 8)..])) : url;
    }
}
