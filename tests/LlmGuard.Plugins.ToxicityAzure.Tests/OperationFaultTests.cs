using System.Text;
using LlmGuard.FakeClouds.Azure;
using LlmGuard.FakeClouds.Hosting;

namespace LlmGuard.Plugins.ToxicityAzure.Tests;

/// <summary>Every operation, and what goes wrong with it. The fault matrix of all judges asks <c>text:analyze</c> only.</summary>
public sealed class OperationFaultTests
{
    private static readonly Dictionary<string, Fault> Faults = new()
    {
        ["reset"] = Fault.Reset,
        ["cut"] = Fault.Cut,
        ["oversize"] = Fault.Oversize,
        ["html"] = Fault.Html(),
        ["empty"] = Fault.Instead(200, ""),
        ["null"] = Fault.Instead(200, "null"),
        ["array"] = Fault.Instead(200, "[]"),
        ["object"] = Fault.Instead(200, "{}"),
        ["truncated"] = Fault.Changed(static body => body[..(body.Length / 2)]),
        ["trailing"] = Fault.Changed(static body => body + "x"),
        ["duplicate"] = Fault.Changed(static body => body[..^1] + "," + body[1..]),
        ["400"] = Error(400, "InvalidRequestBody"),
        ["401"] = Error(401, "401"),
        ["403"] = Error(403, "403"),
        ["404"] = Error(404, "404"),
        ["413"] = Error(413, "RequestEntityTooLarge"),
        ["429"] = FakeAzureContentSafety.Throttled(9),
        ["500"] = Error(500, "InternalError"),
        ["503"] = Error(503, "ServerBusy"),
    };

    private static readonly Dictionary<string, string> Checks = new()
    {
        ["text:analyze"] = "text",
        ["image:analyze"] = "images",
        ["text:shieldPrompt"] = "prompt_shields",
        ["text:detectProtectedMaterial"] = "protected_material",
    };

    public static IEnumerable<string> Operations => Checks.Keys;

    public static IEnumerable<string> FaultNames => Faults.Keys;

    [Test]
    public async Task Judge_Fault_IsCalledTheSameForEveryOperation(
        [ValueSource(nameof(Operations))] string operation,
        [ValueSource(nameof(FaultNames))] string fault)
    {
        await using var judged = await Judged.StartAsync();
        judged.Fake.Faults.Always = Faults[fault];

        var verdict = await judged.JudgeAsync(Content(), $"\"checks\": [\"{Checks[operation]}\"]", GuardrailStage.PreResponse);

        Assert.That(verdict.Failure, Is.EqualTo(Expected(fault)));
        Assert.That(judged.Fake.Requests.Select(r => r.Path), Is.EqualTo(new[] { "/contentsafety/" + operation }));
    }

    [TestCaseSource(nameof(Operations))]
    public async Task Judge_OneOfAllOperationsFails_NothingPasses(string operation)
    {
        await using var judged = await Judged.StartAsync();
        var evaluator = judged.Evaluator(""" "checks": ["text", "images", "prompt_shields", "protected_material"] """);
        var call = new GuardrailCall(GuardrailStage.PreResponse, Content()) { Timeout = TimeSpan.FromSeconds(20) };
        var mark = operation switch
        {
            "text:analyze" => "blocklistsMatch",
            "image:analyze" => "{\"categoriesAnalysis",
            "text:shieldPrompt" => "documentsAnalysis",
            _ => "protectedMaterialAnalysis",
        };

        var clean = await evaluator.EvaluateAsync(call, default);
        judged.Fake.Faults.Always = Fault.Changed(body => body.Contains(mark, StringComparison.Ordinal) ? "?" : body);
        var broken = await evaluator.EvaluateAsync(call, default);

        Assert.That(clean, Is.SameAs(GuardrailVerdict.Allow));
        Assert.That(broken.Failure, Is.EqualTo(new GuardrailFailure(FailureClass.Input, FailureReasons.VerdictIncomplete)));
        Assert.That(judged.Fake.Requests.Select(r => r.Path).Distinct().Count(), Is.EqualTo(Checks.Count));
    }

    private static GuardrailFailure Expected(string fault) => fault switch
    {
        "reset" or "500" or "503" => new(FailureClass.Availability, FailureReasons.Transport),
        "400" => new(FailureClass.Input, FailureReasons.Undecodable),
        "401" or "403" => new(FailureClass.Availability, FailureReasons.Credentials),
        "404" => new(FailureClass.Availability, FailureReasons.ConfigInvalid),
        "413" => new(FailureClass.Input, FailureReasons.LimitExceeded),
        "429" => new(FailureClass.Availability, FailureReasons.Throttled),
        _ => new(FailureClass.Input, FailureReasons.VerdictIncomplete),
    };

    private static Fault Error(int status, string code) => Fault.Instead(status, AzureAnswers.ErrorBody(code, "vendor words"));

    // An answer with a tool's result, an image and a text long enough for each of the operations.
    private static GuardrailContent Content()
    {
        var builder = new GuardrailContentBuilder();
        builder.AddText(new string('t', 200), new SegmentInfo { Role = SegmentRole.Tool, Kind = SegmentKind.ToolResult });
        builder.AddBinary(UninspectedKind.Image, (byte[])[0x89, .. Encoding.ASCII.GetBytes("PNG")], "image/png", null,
            new SegmentInfo { Role = SegmentRole.Assistant });
        return builder.Build();
    }
}
