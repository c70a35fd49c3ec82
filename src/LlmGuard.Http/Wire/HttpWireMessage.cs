using System.Text;
using LlmGuard.Http.Wire.Bodies;
using LlmGuard.Http.Wire.Heads;

namespace LlmGuard.Http.Wire;

/// <summary>An HTTP message of any kind.</summary>
internal sealed class HttpWireMessage(WireHead head, HeadSegments headSegments, ReadBody body) : WireMessage
{
    private bool IsResponse => head.Status is not null;

    public override WireRewrite Rewrite(IReadOnlyList<TextEdit> edits, IReadOnlyList<RequestChange> changes)
    {
        var target = new Target { Query = headSegments.EditQuery(edits) };
        if (headSegments.EditHeaders(Content, edits) is not { } headers || !TryChangeHead(changes, headers, target, out var bodyChanges))
        {
            return NotApplicable();
        }

        var rewritten = body.Rewrite(edits, bodyChanges);
        var isTouched = rewritten.Bytes is not null || target.Query is not null || target.Path is not null || headers.Count > 0;
        if (rewritten.CannotApply || (isTouched && KeyedSignature.Covers(head)))
        {
            return NotApplicable();
        }

        if (rewritten.Bytes is { } bytes)
        {
            headers.AddRange(BodyDigests.Update(head.Headers, bytes.Span));
        }

        return new WireRewrite
        {
            Body = rewritten.Bytes,
            Headers = headers,
            RawPath = target.Path,
            RawQuery = target.Query is { } query ? (query.Length == 0 ? "" : "?" + Encoding.UTF8.GetString(query)) : null,
        };
    }

    /// <summary>Carries out the changes that are not of the body.</summary>
    private bool TryChangeHead(
        IReadOnlyList<RequestChange> changes, List<KeyValuePair<string, string?>> headers, Target target, out List<RequestChange> bodyChanges)
    {
        bodyChanges = [];
        if (changes.Count > 0 && IsResponse)
        {
            return false;
        }

        foreach (var change in changes)
        {
            switch (change)
            {
                case RequestChange.Header header when CanSet(header):
                    headers.RemoveAll(set => set.Key.Equals(header.Name, StringComparison.OrdinalIgnoreCase));
                    headers.Add(new(header.Name, header.Value));
                    break;
                case RequestChange.QueryValue value when !QueryNames.IsCredential(value.Name) && HeaderText.IsWellFormed(value.Name + value.Value):
                    target.Query = RequestTarget.Change(target.Query ?? Encoding.UTF8.GetBytes(head.RawQuery.TrimStart('?')), value);
                    break;
                case RequestChange.Header or RequestChange.QueryValue:
                    return false;
                case RequestChange.Model model when RequestTarget.Model(target.Path ?? head.RawPath) is { } place:
                    target.Path = string.Concat(
                        (target.Path ?? head.RawPath).AsSpan(0, place.Start),
                        Uri.EscapeDataString(model.Name),
                        (target.Path ?? head.RawPath).AsSpan(place.Start + place.Length));
                    break;
                default:
                    bodyChanges.Add(change);
                    break;
            }
        }

        return true;
    }

    private static bool CanSet(RequestChange.Header header) =>
        HeaderText.IsName(header.Name)
        && (header.Value is null || HeaderText.CanHold(header.Value))
        && !HeaderNames.IsFraming(header.Name)
        && !HeaderNames.IsDigest(header.Name)
        && !HeaderNames.IsCredential(header.Name);

    private WireRewrite NotApplicable() => new()
    {
        Failure = new GuardrailFailure(IsResponse ? FailureClass.Output : FailureClass.Input, FailureReasons.MaskNotApplicable),
    };

    /// <summary>The path and query as changed so far; null where they stay.</summary>
    private sealed class Target
    {
        public string? Path { get; set; }

        public byte[]? Query { get; set; }
    }
}
