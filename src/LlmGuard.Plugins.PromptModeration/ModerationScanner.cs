using LlmGuard.Scanning;

namespace LlmGuard.Plugins.PromptModeration;

/// <summary>Judges one channel of an answer while it arrives.</summary>
internal sealed class ModerationScanner : ISpanScanner
{
    private readonly ModerationSettings _settings;
    private readonly ScanSession _session;
    private readonly List<ScanSpan> _spans = [];

    public ModerationScanner(ModerationSettings settings, SegmentRole role)
    {
        _settings = settings;
        _session = new ScanSession(settings.Plan, [.. settings.Plan.NewSession().Matchers.Select(m => new RoleMatcher(m, settings, role))]);
    }

    public int Advance(ReadOnlySpan<byte> pending, int context, int newBytes, bool isEnd, ICollection<SpanEdit> edits)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(context);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(context, pending.Length);
        ArgumentNullException.ThrowIfNull(edits);
        _spans.Clear();
        try
        {
            var released = _session.Advance(pending, context, isEnd, _spans);
            foreach (var span in _spans)
            {
                var rule = _settings.RuleOf(span.Rule);
                edits.Add(new SpanEdit(new TextSpan(span.Start, span.Length), _settings.ReplacementOf(span), rule.Id, rule.Type)
                {
                    IsFinding = _settings.Action == ModerationAction.Flag,
                    Refusal = _settings.Action == ModerationAction.Block ? _settings.Refuse(rule.Type) : null,
                    Confidence = span.Confidence / 100.0,
                });
            }

            return released;
        }
        catch (ScanBoundException bound)
        {
            // What cannot be judged must not pass: the stream is blocked before it.
            edits.Add(new SpanEdit(new TextSpan(context, pending.Length - context), null, "bounds", bound.Reason));
            return pending.Length;
        }
    }

    public bool TryReset()
    {
        _session.Reset();
        return true;
    }

    /// <summary>Keeps the rules that count for a role. Others must not even join a span.</summary>
    private sealed class RoleMatcher(IScanMatcher matcher, ModerationSettings settings, SegmentRole role) : IScanMatcher
    {
        public long Steps => matcher.Steps;

        public long Find(in ScanWindow window, List<Candidate> found)
        {
            var count = found.Count;
            var decided = matcher.Find(window, found);
            for (var i = found.Count - 1; i >= count; i--)
            {
                if (!settings.RuleOf(found[i].Rule).AppliesTo(role))
                {
                    found.RemoveAt(i);
                }
            }

            return decided;
        }

        public void CopyFrom(IScanMatcher other) => matcher.CopyFrom(((RoleMatcher)other).Inner);

        public void Reset() => matcher.Reset();

        private IScanMatcher Inner => matcher;
    }
}
