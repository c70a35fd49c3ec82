using LlmGuard.Http.Wire.Heads;

namespace LlmGuard.Http.Client;

/// <summary>Headers that come after an answer's body.</summary>
internal static class TrailingHeaders
{
    /// <summary>Carries out changes of headers where each stands: before the body, after it, or both.</summary>
    public static void Set(HttpResponseMessage response, HttpContent content, IReadOnlyList<KeyValuePair<string, string?>> changes)
    {
        if (changes.Count > 0)
        {
            SetEach(response, content, changes);
        }
    }

    // On its own: what captures the answer would be made for answers, too, in which nothing changes.
    private static void SetEach(HttpResponseMessage response, HttpContent content, IReadOnlyList<KeyValuePair<string, string?>> changes)
    {
        var trailing = response.TrailingHeaders;
        var after = changes.Where(change => trailing.NonValidated.Contains(change.Key)).ToList();
        HeaderList.Set(trailing, null, after);
        HeaderList.Set(response.Headers, content.Headers, [.. changes.Where(change => !after.Contains(change) || IsBefore(change.Key))]);

        bool IsBefore(string name) => response.Headers.NonValidated.Contains(name) || content.Headers.NonValidated.Contains(name);
    }

    /// <summary>Drops what describes the bytes that came: of an answer that was judged while it arrived others may have left.</summary>
    public static void DropDigests(HttpResponseMessage response)
    {
        var trailing = response.TrailingHeaders;
        foreach (var name in trailing.NonValidated.Select(static header => header.Key).Where(HeaderNames.IsDigest).ToArray())
        {
            trailing.Remove(name);
        }
    }

    /// <summary>
    /// The same answer without the trailing headers that still come: nobody could say no to them any more. The one given is not to be used again.
    /// </summary>
    public static HttpResponseMessage HoldBack(HttpResponseMessage response)
    {
        var answer = new HttpResponseMessage(response.StatusCode)
        {
            Content = response.Content,
            ReasonPhrase = response.ReasonPhrase,
            RequestMessage = response.RequestMessage,
            Version = response.Version,
        };
        foreach (var (name, values) in response.Headers.NonValidated)
        {
            HeaderList.Add(answer.Headers, name, values);
        }

        return answer;
    }
}
