namespace LlmGuard.Integration.Tests.Leaks;

/// <summary>
/// Fails in the way its settings name, with the content and a secret in whatever it throws or returns besides a message for the caller.
/// </summary>
internal sealed class LeakyPlugin : IGuardrailPlugin
{
    public GuardrailPluginMetadata Metadata { get; } = new("leaky")
    {
        Stages = [GuardrailStage.PreRequest, GuardrailStage.PostRequest, GuardrailStage.PreResponse, GuardrailStage.PostResponse],
        Rewrites = true,
        SendsContentOut = true,
    };

    public IGuardrailEvaluator Create(GuardrailSettings settings) =>
        new Evaluator(settings.String("deed"), settings.Secret("api_key", new Uri("https://judge.example.com")));

    private sealed class Evaluator(string deed, GuardrailSecret? secret) : IGuardrailEvaluator
    {
        public async ValueTask<GuardrailVerdict> EvaluateAsync(GuardrailCall call, CancellationToken cancellationToken)
        {
            var text = string.Concat(call.Content.Select(static s => s.Text));
            switch (deed)
            {
                case "throw":
                    throw new InvalidOperationException($"{text} {secret?.Reveal()}", new FormatException(text)) { Data = { ["text"] = text } };
                case "hang":
                    await Task.Delay(Timeout.Infinite, cancellationToken);
                    throw new InvalidOperationException(text);
                case "unavailable":
                    return GuardrailVerdict.Fail(FailureClass.Availability, $"{text} {secret?.Reveal()}");
                case "unreadable":
                    return GuardrailVerdict.Fail(FailureClass.Input, Marker.Text);
                case "edit":
                    return GuardrailVerdict.Modify([new SegmentEdit(0, new TextSpan(0, int.MaxValue), Replacement.Literal(text))]);
                case "block":
                    return GuardrailVerdict.Block(
                        new GuardrailRefusal { Reason = Marker.Text }, new GuardrailFinding("rule", "type", 0, new TextSpan(0, 1)));
                default:
                    return GuardrailVerdict.Flag(new GuardrailFinding("rule", "type", 0, new TextSpan(0, 1)));
            }
        }
    }
}
