using System.Text.Json;
using System.Text.Json.Nodes;
using LlmGuard.FakeClouds.Hosting;

namespace LlmGuard.FakeClouds.Bedrock;

/// <summary>Bedrock Runtime with one guardrail, in one region. Checks every signature.</summary>
internal sealed class FakeBedrockRuntime : FakeCloud
{
    /// <summary>The region it plays.</summary>
    public const string Region = "eu-west-1";

    /// <summary>The id of its guardrail.</summary>
    public const string GuardrailId = "gr1fake2abc3";

    /// <summary>The ARN of its guardrail.</summary>
    public const string GuardrailArn = "arn:aws:bedrock:eu-west-1:123456789012:guardrail/" + GuardrailId;

    /// <summary>The Bedrock API key it accepts.</summary>
    public const string ApiKey = "ABSKfake-bedrock-api-key";

    private const string ApplyShape = "ApplyGuardrailRequest";

    private static readonly BotocoreModel? ApplyModel = BotocoreModel.Find("bedrock-applyguardrail.botocore-slice.json");

    private static readonly BotocoreModel? ChecksModel = BotocoreModel.Find("bedrock-invokeguardrailchecks.botocore-slice.json");

    /// <summary>The identity it accepts by default.</summary>
    public static AwsIdentity Static { get; } = new("AKIAFAKEFAKEFAKE0001", "fake/secret+access=key");

    public override string Name => "bedrock_guardrail";

    public override IReadOnlyDictionary<string, string> Secrets =>
        new Dictionary<string, string> { ["AwsAccessKey"] = Static.AccessKey, ["AwsSecretKey"] = Static.SecretKey };

    /// <summary>The identity it accepts.</summary>
    public AwsIdentity Identity { get; set; } = Static;

    /// <summary>Whether offsets count a character outside the basic plane as two.</summary>
    public bool CountsUtf16 { get; set; }

    /// <summary>The clock signatures are checked by.</summary>
    public TimeProvider Clock { get; set; } = TimeProvider.System;

    /// <summary>An error's answer: its name in the header, with the address that AWS appends, and its message in the body.</summary>
    public static FakeAnswer Error(AwsError error) => new(
        error.Status,
        new JsonObject { ["message"] = error.Message }.ToJsonString(),
        "application/json",
        ("x-amzn-RequestId", "5ffbd2d0-0000-4000-8000-000000000000"),
        ("x-amzn-ErrorType", error.Code + ":http://internal.amazon.com/coral/com.amazon.bedrock/"));

    protected override FakeAnswer Answer(FakeRequest request)
    {
        if (Authenticate(request) is { } refused)
        {
            return Error(refused);
        }

        if (request.Header("Content-Type") != "application/json" || request.Json() is not { } body)
        {
            return Invalid("The body is not JSON, or not said to be.");
        }

        try
        {
            return (request.Method, request.RawTarget.Split('/')) switch
            {
                ("POST", ["", "guardrail", var id, "version", var version, "apply"]) =>
                    Apply(Uri.UnescapeDataString(id), Uri.UnescapeDataString(version), body),
                ("POST", ["", "guardrail-checks", "invoke"]) => Check(body),
                _ => Unknown(request),
            };
        }
        catch (ModelException problem)
        {
            return Invalid(problem.Message);
        }
    }

    private AwsError? Authenticate(FakeRequest request) =>
        request.Header("Authorization") is { } bearer && bearer.StartsWith("Bearer ", StringComparison.Ordinal)
        ? bearer == "Bearer " + ApiKey ? null : new AwsError(403, "AccessDeniedException",
            "Authentication failed: Please make sure your API Key is valid.")
        : SignatureV4.Check(request, Identity, Region, "bedrock", Clock.GetUtcNow());

    private FakeAnswer Apply(string id, string version, JsonElement body)
    {
        if (ApplyModel is not null)
        {
            Expect(ApplyModel.Check(ApplyShape, body));
            Expect(ApplyModel.Fits("GuardrailIdentifier", id) && ApplyModel.Fits("GuardrailVersion", version)
                ? []
                : ["guardrailIdentifier or guardrailVersion does not fit"]);
        }

        var request = ApplyGuardrailRequest.Read(body);
        return id is not (GuardrailId or GuardrailArn)
            ? Error(new AwsError(404, "ResourceNotFoundException", "The guardrail identifier or version provided in the request does not exist."))
            : version is not ("1" or "2" or "DRAFT")
            ? Error(new AwsError(400, "ValidationException", "The guardrail identifier or version provided in the request does not exist."))
            : Ok(FakeGuardrail.Answer(request, GuardrailId, version));
    }

    private FakeAnswer Check(JsonElement body)
    {
        Expect(ChecksModel?.Check("InvokeGuardrailChecksRequest", body) ?? []);
        return Ok(FakeChecks.Answer(body, CountsUtf16));
    }

    private static FakeAnswer Ok(JsonObject answer) =>
        new(200, answer.ToJsonString(), "application/json", ("x-amzn-RequestId", "5ffbd2d0-0000-4000-8000-000000000000"));

    private void Expect(IReadOnlyList<string> problems)
    {
        foreach (var problem in problems)
        {
            Violate(problem);
        }
    }

    private FakeAnswer Unknown(FakeRequest request)
    {
        Violate($"{request.Method} {request.RawTarget}");
        return Error(new AwsError(404, "UnknownOperationException", "The operation does not exist."));
    }

    private FakeAnswer Invalid(string problem)
    {
        Violate(problem);
        return Error(new AwsError(400, "ValidationException", "1 validation error detected: " + problem));
    }
}
