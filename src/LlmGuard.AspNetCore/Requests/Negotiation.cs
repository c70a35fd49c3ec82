using LlmGuard.Http.Wire;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace LlmGuard.AspNetCore.Requests;

/// <summary>
/// What a guard that reads answers changes in a request for the rest of the pipeline. Components outside of it (compression, output caching)
/// get the caller's own headers back, since what they decide is between them and the caller.
/// </summary>
internal sealed class Negotiation
{
    private const string AcceptEncoding = "Accept-Encoding";

    private readonly IHeaderDictionary _headers;
    private readonly List<KeyValuePair<string, StringValues>> _original = [];

    private Negotiation(IHeaderDictionary headers) => _headers = headers;

    public static Negotiation Own(HttpRequest request)
    {
        var headers = request.Headers;
        var negotiation = new Negotiation(headers);
        foreach (var name in ResponseNegotiation.Dropped(request.Method))
        {
            if (headers.TryGetValue(name, out var values))
            {
                negotiation._original.Add(new(name, values));
                headers.Remove(name);
            }
        }

        if (headers.TryGetValue(AcceptEncoding, out var accepted))
        {
            negotiation._original.Add(new(AcceptEncoding, accepted));
            headers[AcceptEncoding] = ResponseNegotiation.Cut(accepted.OfType<string>());
        }

        return negotiation;
    }

    public void Restore()
    {
        foreach (var (name, values) in _original)
        {
            _headers[name] = values;
        }
    }
}
