using LlmGuard.AspNetCore.Responses;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace LlmGuard.AspNetCore.Tunnels;

/// <summary>
/// Guards the features by which a connection or stream turns into something else: for a request that was judged as a tunnel the head leaves
/// first, any other cannot switch.
/// </summary>
internal sealed class SwitchFeatures
{
    private readonly IFeatureCollection _features;
    private readonly IHttpUpgradeFeature? _upgrade;
    private readonly IHttpExtendedConnectFeature? _connect;
    private readonly IHttpWebSocketFeature? _webSocket;

    private SwitchFeatures(HttpContext context, GuardedResponse response)
    {
        var isAllowed = Tunnel.IsSwitch(context);
        _features = context.Features;
        _upgrade = _features.Get<IHttpUpgradeFeature>();
        _connect = _features.Get<IHttpExtendedConnectFeature>();
        _webSocket = _features.Get<IHttpWebSocketFeature>();
        if (_upgrade is not null)
        {
            _features.Set<IHttpUpgradeFeature>(new GuardedUpgrade(_upgrade, response, isAllowed));
        }

        if (_connect is not null)
        {
            _features.Set<IHttpExtendedConnectFeature>(new GuardedConnect(_connect, response, isAllowed));
        }

        if (_webSocket is not null)
        {
            _features.Set<IHttpWebSocketFeature>(new GuardedWebSocket(_webSocket, response, isAllowed));
        }
    }

    /// <summary>Whether the server offers a switch for this request.</summary>
    public static bool IsNeeded(HttpContext context) =>
        context.Features.Find<IHttpUpgradeFeature>() is { IsUpgradableRequest: true }
        || context.Features.Find<IHttpExtendedConnectFeature>() is { IsExtendedConnect: true };

    public static SwitchFeatures? Install(HttpContext context, GuardedResponse response) =>
        IsNeeded(context) ? new SwitchFeatures(context, response) : null;

    public void Restore()
    {
        _features.Set(_upgrade);
        _features.Set(_connect);
        _features.Set(_webSocket);
    }

    private static InvalidOperationException NotJudged() => new("The request was not guarded as a tunnel and cannot become one.");

    private sealed class GuardedUpgrade(IHttpUpgradeFeature inner, GuardedResponse response, bool isAllowed) : IHttpUpgradeFeature
    {
        public bool IsUpgradableRequest => isAllowed && inner.IsUpgradableRequest;

        public async Task<Stream> UpgradeAsync()
        {
            await LetOutAsync(response, isAllowed).ConfigureAwait(false);
            return await inner.UpgradeAsync().ConfigureAwait(false);
        }
    }

    private sealed class GuardedConnect(IHttpExtendedConnectFeature inner, GuardedResponse response, bool isAllowed) : IHttpExtendedConnectFeature
    {
        public bool IsExtendedConnect => isAllowed && inner.IsExtendedConnect;

        public string? Protocol => inner.Protocol;

        public async ValueTask<Stream> AcceptAsync()
        {
            await LetOutAsync(response, isAllowed).ConfigureAwait(false);
            return await inner.AcceptAsync().ConfigureAwait(false);
        }
    }

    private sealed class GuardedWebSocket(IHttpWebSocketFeature inner, GuardedResponse response, bool isAllowed) : IHttpWebSocketFeature
    {
        public bool IsWebSocketRequest => isAllowed && inner.IsWebSocketRequest;

        public async Task<System.Net.WebSockets.WebSocket> AcceptAsync(WebSocketAcceptContext context)
        {
            await LetOutAsync(response, isAllowed).ConfigureAwait(false);
            return await inner.AcceptAsync(context).ConfigureAwait(false);
        }
    }

    private static ValueTask LetOutAsync(GuardedResponse response, bool isAllowed) =>
        isAllowed ? response.SwitchAsync() : throw NotJudged();
}
