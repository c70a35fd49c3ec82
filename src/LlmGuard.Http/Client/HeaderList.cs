using System.Net.Http.Headers;

namespace LlmGuard.Http.Client;

/// <summary>Headers as they were given, without the validation that would change or drop them.</summary>
internal static class HeaderList
{
    /// <summary>All headers of an answer; what trails only once its body has been read.</summary>
    public static IReadOnlyList<KeyValuePair<string, string>> OfAnswer(HttpResponseMessage response, HttpContent content) =>
        Of(response.Headers, content.Headers, response.TrailingHeaders);

    public static IReadOnlyList<KeyValuePair<string, string>> Of(params ReadOnlySpan<HttpHeaders?> groups)
    {
        var list = new List<KeyValuePair<string, string>>();
        foreach (var headers in groups)
        {
            if (headers is not null)
            {
                Add(headers);
            }
        }

        return list;

        void Add(HttpHeaders from)
        {
            foreach (var (name, values) in from.NonValidated)
            {
                foreach (var value in values)
                {
                    list.Add(KeyValuePair.Create(name, value));
                }
            }
        }
    }

    /// <summary>All values of a header joined by commas, or null when it is absent: a doubled header is then as ambiguous as it is.</summary>
    public static string? Single(IReadOnlyList<KeyValuePair<string, string>> headers, string name)
    {
        string? joined = null;
        for (var i = 0; i < headers.Count; i++)
        {
            var (header, value) = headers[i];
            if (header.Equals(name, StringComparison.OrdinalIgnoreCase))
            {
                joined = joined is null ? value : $"{joined}, {value}";
            }
        }

        return joined;
    }

    public static IReadOnlyList<string> Values(HttpHeaders headers, string name) =>
        headers.NonValidated.TryGetValues(name, out var values) ? [.. values] : [];

    /// <summary>Carries out header changes; a null value removes, and a name that is given twice keeps both values.</summary>
    public static void Set(HttpHeaders headers, HttpContentHeaders? contentHeaders, IReadOnlyList<KeyValuePair<string, string?>> changes)
    {
        foreach (var (name, _) in changes)
        {
            Remove(headers, name);
            Remove(contentHeaders, name);
        }

        foreach (var (name, value) in changes)
        {
            if (value is not null)
            {
                Put(headers, contentHeaders, name, value);
            }
        }
    }

    /// <summary>Puts a header in the place of what is there under its name.</summary>
    public static void Replace(HttpHeaders headers, HttpContentHeaders contentHeaders, string name, string value)
    {
        Remove(headers, name);
        Remove(contentHeaders, name);
        Put(headers, contentHeaders, name, value);
    }

    /// <summary>
    /// Removes a header where it stands. To remove a name that belongs elsewhere (an <c>ETag</c> from a content, a <c>Content-MD5</c> from a message)
    /// is an exception in .NET rather than nothing.
    /// </summary>
    public static void Remove(HttpHeaders? headers, string name)
    {
        if (headers is not null && headers.NonValidated.Contains(name))
        {
            headers.Remove(name);
        }
    }

    private static void Put(HttpHeaders headers, HttpContentHeaders? contentHeaders, string name, string value)
    {
        if (!headers.TryAddWithoutValidation(name, value))
        {
            contentHeaders?.TryAddWithoutValidation(name, value);
        }
    }

    /// <summary>Adds a header as it was given. Nearly all have one value, which is added without a list around it.</summary>
    public static void Add(HttpHeaders to, string name, HeaderStringValues values)
    {
        if (values.Count == 1)
        {
            to.TryAddWithoutValidation(name, values.ToString());
        }
        else
        {
            to.TryAddWithoutValidation(name, values);
        }
    }

    /// <summary>Copies what describes a body to another one, without what no longer holds.</summary>
    public static void CopyContent(HttpContentHeaders from, HttpContentHeaders to, bool wasEncoded)
    {
        foreach (var (name, values) in from.NonValidated)
        {
            if (!name.Equals("Content-Length", StringComparison.OrdinalIgnoreCase)
                && !(wasEncoded && name.Equals("Content-Encoding", StringComparison.OrdinalIgnoreCase)))
            {
                Add(to, name, values);
            }
        }
    }
}
