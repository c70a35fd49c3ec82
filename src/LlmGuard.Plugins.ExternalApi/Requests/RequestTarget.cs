using System.Text;
using LlmGuard.Remote;
using LlmGuard.Remote.Judging;

namespace LlmGuard.Plugins.ExternalApi.Requests;

/// <summary>Method, address and mapped headers of the requests. Immutable.</summary>
internal sealed class RequestTarget
{
    private const int MaxAddress = 60_000;

    private readonly Uri _endpoint;
    private readonly IReadOnlyList<(string Name, GuardrailSecret Value)> _query;
    private readonly FieldMap[] _queryMaps;
    private readonly FieldMap[] _headerMaps;

    private RequestTarget(HttpMethod method, Uri endpoint, IReadOnlyList<(string Name, GuardrailSecret Value)> query, IReadOnlyList<FieldMap> maps)
    {
        Method = method;
        _endpoint = endpoint;
        _query = query;
        _queryMaps = [.. maps.Where(static m => m.Place == FieldPlace.Query)];
        _headerMaps = [.. maps.Where(static m => m.Place == FieldPlace.Header)];
        Texts = _queryMaps.Concat(_headerMaps).Select(static m => m.Source.Texts).DefaultIfEmpty().Max();
    }

    public HttpMethod Method { get; }

    /// <summary>How many texts address and headers take at once.</summary>
    public TextUse Texts { get; }

    public bool HasHeaderMaps => _headerMaps.Length > 0;

    public static RequestTarget Read(GuardrailSettings settings, JudgeSettings judge, IReadOnlyList<FieldMap> maps)
    {
        var method = settings.Choice(
            "method",
            HttpMethod.Post,
            KeyValuePair.Create("POST", HttpMethod.Post),
            KeyValuePair.Create("PUT", HttpMethod.Put),
            KeyValuePair.Create("PATCH", HttpMethod.Patch),
            KeyValuePair.Create("GET", HttpMethod.Get));
        var query = settings.List(
            "query_params",
            item => (item.RequiredString("name"), item.Secret("value", judge.Endpoint, required: true) ?? new GuardrailSecret("")));

        // The base URI of the other judges ends with a slash, which an address that is used as it stands must not gain.
        var isExact = settings.OptionalString("endpoint") is { } given && Uri.TryCreate(given, UriKind.Absolute, out var exact)
            && exact.Host.Length > 0 && !exact.AbsolutePath.EndsWith('/');
        var endpoint = isExact ? new UriBuilder(judge.Endpoint) { Path = judge.Endpoint.AbsolutePath.TrimEnd('/') }.Uri : judge.Endpoint;
        return new RequestTarget(method, endpoint, query, maps);
    }

    /// <summary>The address of a question.</summary>
    /// <exception cref="UninspectableContentException">It would be too long.</exception>
    public Uri AddressFor(Question question)
    {
        if (_query.Count == 0 && _queryMaps.Length == 0)
        {
            return _endpoint;
        }

        var query = new StringBuilder();
        foreach (var (name, value) in _query)
        {
            Append(query, name, value.Reveal());
        }

        foreach (var map in _queryMaps)
        {
            if (map.Source.Scalar!(question) is { } value)
            {
                Append(query, map.Destination, value);
            }
        }

        return query.Length <= MaxAddress
            ? new UriBuilder(_endpoint) { Query = query.ToString() }.Uri
            : throw new UninspectableContentException(FailureReasons.LimitExceeded);
    }

    /// <summary>Adds the headers that are made of the question.</summary>
    public void AddHeaders(HttpRequestMessage request, Question question)
    {
        foreach (var map in _headerMaps)
        {
            if (map.Source.Scalar!(question) is { } value)
            {
                request.Headers.TryAddWithoutValidation(map.Destination, value);
            }
        }
    }

    /// <summary>Checks that what goes into headers fits there: whoever calls may have chosen it.</summary>
    /// <exception cref="UninspectableContentException">A value has characters that a header cannot hold.</exception>
    public void CheckHeaders(Question question)
    {
        foreach (var map in _headerMaps)
        {
            if (map.Source.Scalar!(question) is { } value && !HeaderText.IsValue(value))
            {
                throw new UninspectableContentException(FailureReasons.Undecodable);
            }
        }
    }

    private static void Append(StringBuilder query, string name, string value) =>
        query.Append(query.Length == 0 ? "" : "&").Append(Uri.EscapeDataString(name)).Append('=').Append(Uri.EscapeDataString(value));
}
