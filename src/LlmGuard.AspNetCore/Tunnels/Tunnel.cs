using LlmGuard.Http.Dialects;
using LlmGuard.Http.Wire.Bodies;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace LlmGuard.AspNetCore.Tunnels;

/// <summary>Tells requests whose exchange cannot be read: an upgrade, an extended CONNECT, gRPC.</summary>
internal static class Tunnel
{
    public static bool IsTunnel(IncomingCall incoming) => IsSwitch(incoming.Context) || IsGrpc(incoming);

    /// <summary>
    /// Whether the connection or stream may turn into something else. A request with a payload, or one that offers HTTP/2 on the side, is a
    /// request like any other, and <see cref="SwitchFeatures"/> then keeps it from switching.
    /// </summary>
    public static bool IsSwitch(HttpContext context) =>
        context.Features.Find<IHttpExtendedConnectFeature>() is { IsExtendedConnect: true }
        || HttpMethods.IsConnect(context.Request.Method)
        || (context.Features.Find<IHttpUpgradeFeature>() is { IsUpgradableRequest: true }
            && !HasPayload(context.Request) && !OffersOnlyHttp2(context.Request));

    /// <summary>A chat route is read as what it is, whatever its Content-Type claims.</summary>
    public static bool IsGrpc(IncomingCall incoming)
    {
        var request = incoming.Context.Request;
        return MediaType.NamesGrpc(request.ContentType)
            && incoming.Plan.Dialect is null
            && DialectRegistry.FromPath(incoming.Method, incoming.RawPath) is null;
    }

    /// <summary>Takes back the offer of a request that may not switch: nobody behind the guard sees it or forwards it.</summary>
    public static void WithdrawOffer(IncomingCall incoming)
    {
        var headers = incoming.Context.Request.Headers;
        if (headers.Remove("Upgrade") | headers.Remove("HTTP2-Settings"))
        {
            incoming.ForgetHeaders();
        }
    }

    private static bool HasPayload(HttpRequest request) => request.ContentLength > 0 || request.Headers.TransferEncoding.Count > 0;

    private static bool OffersOnlyHttp2(HttpRequest request) =>
        request.Headers.Upgrade is [{ } only] && only.Trim().Equals("h2c", StringComparison.OrdinalIgnoreCase);
}
