using System.Globalization;

namespace LlmGuard.Plugins.RequestSizeLimiter;

/// <summary>Judges the measures of a request's body; sees none of its content.</summary>
internal sealed class RequestSizeEvaluator(SizeLimits limits) : IGuardrailEvaluator, IBodyLimits
{
    public long? MaxBodyBytes => limits.Bytes;

    public int? MaxJsonDepth => limits.JsonDepth;

    public ValueTask<GuardrailVerdict> EvaluateAsync(GuardrailCall call, CancellationToken cancellationToken)
    {
        var excess = SizeExcess.Find(limits, call.Body);
        var verdict = excess is null
            ? GuardrailVerdict.Allow
            : GuardrailVerdict.Block(
                new GuardrailRefusal { StatusCode = excess.StatusCode, Message = excess.Message, Reason = excess.Reason },
                new GuardrailFinding(excess.Rule, "size"));
        return ValueTask.FromResult(verdict.WithResponseHeaders(Headers(call.Body)));
    }

    private List<KeyValuePair<string, string>> Headers(in BodyMetrics body)
    {
        var headers = new List<KeyValuePair<string, string>>(4) { Header("X-Request-Size-Bytes", SizeExcess.Bytes(body)) };
        if (!body.IsTruncated)
        {
            headers.Add(Header("X-Request-Size-Chars", body.Characters));
        }

        headers.Add(Header("X-Size-Limit-Bytes", limits.Bytes));
        if (limits.Characters is { } characters)
        {
            headers.Add(Header("X-Size-Limit-Chars", characters));
        }

        return headers;
    }

    private static KeyValuePair<string, string> Header(string name, long value) =>
        KeyValuePair.Create(name, value.ToString(CultureInfo.InvariantCulture));
}
