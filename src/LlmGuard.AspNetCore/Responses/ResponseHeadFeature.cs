using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Primitives;

namespace LlmGuard.AspNetCore.Responses;

/// <summary>
/// Status and headers as the rest of the pipeline sees them: its own until they are released, so that a refusal finds the real ones as they were
/// when the request arrived.
/// </summary>
internal sealed class ResponseHeadFeature : IHttpResponseFeature
{
    private readonly IHttpResponseFeature _real;
    private readonly IHttpResponseBodyFeature _body;
    private readonly HeaderDictionary _headers = [];
    private List<(Func<object, Task> Callback, object State)>? _starting;
    private int _statusCode;
    private string? _reasonPhrase;
    private bool _isStarted;
    private bool _isReleased;
    private volatile bool _isDiscarded;

    public ResponseHeadFeature(IHttpResponseFeature real, IHttpResponseBodyFeature body)
    {
        _real = real;
        _body = body;
        _statusCode = real.StatusCode;
        _reasonPhrase = real.ReasonPhrase;
        CopyHeaders(real.Headers, _headers);
    }

    public int StatusCode
    {
        get => IsReal ? _real.StatusCode : _statusCode;
        set
        {
            if (IsReal)
            {
                _real.StatusCode = value;
                return;
            }

            ThrowIfStarted();
            _statusCode = value;
        }
    }

    public string? ReasonPhrase
    {
        get => IsReal ? _real.ReasonPhrase : _reasonPhrase;
        set
        {
            if (IsReal)
            {
                _real.ReasonPhrase = value;
                return;
            }

            ThrowIfStarted();
            _reasonPhrase = value;
        }
    }

    public IHeaderDictionary Headers
    {
        get => IsReal ? _real.Headers : _headers;
        set => CopyHeaders(value, Headers);
    }

    /// <summary>
    /// The body of a response that is guarded cannot be replaced here; nothing does since <see cref="IHttpResponseBodyFeature"/> exists.
    /// </summary>
    public Stream Body
    {
        get => _body.Stream;
        set => throw new InvalidOperationException("Replace IHttpResponseBodyFeature instead.");
    }

    public bool HasStarted => IsReal ? _real.HasStarted : _isStarted;

    private bool IsReal => _isReleased || (_isDiscarded && !Downstream.IsInside);

    public void OnStarting(Func<object, Task> callback, object state)
    {
        if (IsReal)
        {
            _real.OnStarting(callback, state);
            return;
        }

        ThrowIfStarted();
        (_starting ??= []).Add((callback, state));
    }

    public void OnCompleted(Func<object, Task> callback, object state) => _real.OnCompleted(callback, state);

    /// <summary>Runs the callbacks that belong before the start, last registered first. They may register more.</summary>
    public async ValueTask StartAsync()
    {
        while (_starting is { Count: > 0 } starting)
        {
            var (callback, state) = starting[^1];
            starting.RemoveAt(starting.Count - 1);
            await callback(state).ConfigureAwait(false);
        }

        _isStarted = true;
    }

    /// <summary>Makes the real head what this one is. From here on this is a view of the real one.</summary>
    public void Release()
    {
        _real.StatusCode = _statusCode;
        _real.ReasonPhrase = _reasonPhrase;
        CopyHeaders(_headers, _real.Headers);
        _isReleased = true;
        HandOverCallbacks();
    }

    /// <summary>Nothing of this head will leave.</summary>
    public void Discard() => _isDiscarded = true;

    /// <summary>Callbacks that have not run belong to whatever answer is sent in the end.</summary>
    public void HandOverCallbacks()
    {
        if (_starting is not { } starting)
        {
            return;
        }

        _starting = null;
        foreach (var (callback, state) in starting)
        {
            _real.OnStarting(callback, state);
        }
    }

    private static void CopyHeaders(IHeaderDictionary from, IHeaderDictionary to)
    {
        if (to.Count > 0)
        {
            RemoveOthers(from, to);
        }

        if (from is HeaderDictionary own)
        {
            // Seen as what it is, it makes no enumerator.
            foreach (var (name, values) in own)
            {
                Copy(name, values, to);
            }
        }
        else if (from.Count > 0)
        {
            foreach (var (name, values) in from)
            {
                Copy(name, values, to);
            }
        }
    }

    private static void Copy(string name, StringValues values, IHeaderDictionary to)
    {
        if (!to.TryGetValue(name, out var present) || !StringValues.Equals(present, values))
        {
            to[name] = values;
        }
    }

    private static void RemoveOthers(IHeaderDictionary from, IHeaderDictionary to)
    {
        foreach (var name in to.Keys.Where(name => !from.ContainsKey(name)).ToArray())
        {
            to.Remove(name);
        }
    }

    private void ThrowIfStarted()
    {
        if (_isStarted)
        {
            throw new InvalidOperationException("The response has already started.");
        }
    }
}
