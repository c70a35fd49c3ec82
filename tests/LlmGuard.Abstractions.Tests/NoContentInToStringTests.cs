using System.Text;

namespace LlmGuard.Abstractions.Tests;

/// <summary>Nothing that prints itself may quote content, secrets, callers or scores, wherever a log happens to format it.</summary>
public sealed class NoContentInToStringTests
{
    private const string Marker = "MARKER-8d1f";
    private const double Score = 0.8675309;

    private static IEnumerable<TestCaseData> Objects()
    {
        var info = new SegmentInfo { Role = new SegmentRole(Marker), Kind = new SegmentKind(Marker), Name = Marker, Join = 0 };
        var builder = new GuardrailContentBuilder();
        builder.AddText(Marker, info);
        builder.AddText(Contents.Bytes(Marker), info);
        builder.AddBinary(UninspectedKind.Image, Contents.Bytes(Marker), Marker, new Uri("https://a.example/" + Marker), info);
        builder.AddOpaque(UninspectedKind.ServerState, info);
        var content = builder.Build();
        var replacement = Replacement.Literal(Marker);
        var edit = new SegmentEdit(0, new TextSpan(0, 6), replacement);
        var finding = new GuardrailFinding("rule", "email", 0, new TextSpan(0, 6), Score);
        var refusal = new GuardrailRefusal { StatusCode = 403, Message = Marker, Reason = "keyword" };
        var settings = GuardrailSettings.Parse($$"""{"k": "{{Marker}}"}""");
        var state = new GuardrailCallState { Value = Marker };
        object[] objects =
        [
            info, info.Role, info.Kind, content, content.Where(0, (i, s) => s.Index == i), content.GetEnumerator(), content.JoinedTexts[0], builder,
            content[0], content[1], content[2], content[3], replacement, Replacement.Fill(new Rune('*'), Marker), edit,
            new SpanEdit(new TextSpan(0, 6), replacement, "rule", "email"), finding, refusal, settings, state, new GuardrailSecret(Marker),
            new GuardrailCaller(Marker, Marker),
            new RequestChange.Model(Marker), new RequestChange.Header(Marker, Marker), new RequestChange.QueryValue(Marker, Marker),
            new RequestChange.MaxTokens(8675309), new RequestChange.ReportUsage(),
            GuardrailVerdict.Flag(finding), GuardrailVerdict.Modify([edit], finding), GuardrailVerdict.Modify([new RequestChange.Model(Marker)]),
            GuardrailVerdict.Block(refusal, finding), GuardrailVerdict.Fail(FailureClass.Input, "x")
                .WithResponseHeaders(new KeyValuePair<string, string>("a", Marker)),
            new GuardrailCall(GuardrailStage.PreResponse, content)
            {
                Caller = new GuardrailCaller(Marker), Dialect = Marker, Model = Marker, Method = Marker, RequestContent = content, State = state,
            },
        ];
        return objects.Select((o, i) => new TestCaseData(o).SetName($"ToString_{o.GetType().Name}{i}_QuotesNothing"));
    }

    [TestCaseSource(nameof(Objects))]
    public void ToString_OfAnything_QuotesNothing(object value) =>
        Assert.That(value.ToString(), Does.Not.Contain(Marker).And.Not.Contain("8675309"));

    [Test]
    public void ToString_OfWhatIsLogged_IsUsefulWithoutContent()
    {
        var content = GuardrailContent.FromText("😀", SegmentRole.User);

        Assert.That(content[0].ToString(), Is.EqualTo("segment 0 (user, message, 4 bytes)"));
        Assert.That(content.ToString(), Is.EqualTo("1 segments"));
        Assert.That(new RequestChange.MaxTokens(5).ToString(), Is.EqualTo("MaxTokens"));
        Assert.That(new GuardrailFinding("r", "email", 2, new TextSpan(3, 4)).ToString(), Is.EqualTo("r (email, Medium) in segment 2 at 3, 4 bytes"));
        Assert.That(new GuardrailRefusal { StatusCode = 429, Reason = "rate" }.ToString(), Is.EqualTo("429 rate"));
        Assert.That(new GuardrailRefusal().ToString(), Is.EqualTo("default status"));
        Assert.That(new SettingsProblem("$.a", "m").ToString(), Is.EqualTo("$.a: m"));
        Assert.That(GuardrailVerdict.Block().ToString(), Is.EqualTo("Block (0 findings)"));
        Assert.That(new GuardrailCall(GuardrailStage.PreRequest, content).ToString(), Is.EqualTo("PreRequest of gateway/Gateway/test, 1 segments"));
    }
}
