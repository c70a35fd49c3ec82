using LlmGuard.Remote;
using LlmGuard.Remote.Judging;
using LlmGuard.Remote.Texts;

namespace LlmGuard.Plugins.BedrockGuardrail.Settings;

/// <summary>The settings of one entry. Immutable.</summary>
internal sealed record BedrockSettings
{
    // A text unit is a thousand characters, and no character is shorter than a byte.
    private const int UnitBytes = 1000;

    private const int MaxOverlap = 4096;

    private static readonly Uri Nowhere = new("https://bedrock-runtime.invalid/");

    public required JudgeSettings Judge { get; init; }

    public required CredentialSettings Credentials { get; init; }

    /// <summary>Where the guardrail is applied, or the checks are made.</summary>
    public required Uri Address { get; init; }

    /// <summary>How much text goes into one request.</summary>
    public required TextLimit Window { get; init; }

    /// <summary>Whether sensitive information is masked; else it blocks.</summary>
    public bool Masks { get; init; }

    /// <summary>Whether images are put before the guardrail.</summary>
    public bool Images { get; init; }

    public GroundingSettings? Grounding { get; init; }

    /// <summary>The checks to make instead of applying a guardrail; null when there is a guardrail.</summary>
    public CheckSettings? Checks { get; init; }

    public required MessageTemplate Message { get; init; }

    public static BedrockSettings Read(GuardrailSettings settings)
    {
        var guardrail = settings.Parsed("guardrail_id", GuardrailName.Parse, GuardrailName.None);
        var version = settings.Parsed("version", Version, "1");
        var checks = CheckSettings.Read(settings);
        var grounding = GroundingSettings.Read(settings);
        var images = settings.Boolean("images", false);
        CheckOperation(settings, checks is not null);

        var credentials = settings.Object("credentials");
        var region = ReadRegion(settings, credentials, guardrail);
        var judge = JudgeSettings.Read(settings, BedrockGuardrailPlugin.Name, ReadVendor(settings, region)) with
        {
            // The smallest regions allow 25 text units a second; a long conversation must not throttle itself.
            Parallelism = 4,
            ExpectedLatency = TimeSpan.FromMilliseconds(600),
        };
        var masks = settings.Choice("pii_action", false, KeyValuePair.Create("block", false), KeyValuePair.Create("anonymize", true));
        RefuseIdle(settings, checks, masks);
        var units = settings.Int32("max_text_units", 24, 1, 100) * UnitBytes;
        return new BedrockSettings
        {
            Judge = judge,
            Credentials = CredentialSettings.Read(credentials, region ?? "", judge.Endpoint),
            Address = checks is null
                ? new Uri(judge.Endpoint, $"guardrail/{Uri.EscapeDataString(guardrail.Text)}/version/{version}/apply")
                : new Uri(judge.Endpoint, "guardrail-checks/invoke"),
            Window = new TextLimit(TextUnit.Bytes, units, Math.Min(MaxOverlap, units / 4)),
            Masks = masks,
            Images = images,
            Grounding = grounding,
            Checks = checks,
            Message = MessageTemplate.Read(settings.Object("actions"), "message"),
        };
    }

    // Each of the two operations has settings that mean nothing to the other.
    private static void CheckOperation(GuardrailSettings settings, bool hasChecks)
    {
        if (!hasChecks && !settings.Has("guardrail_id"))
        {
            settings.Problem("guardrail_id", "is required, or \"checks\" for checks without a guardrail");
        }

        settings.RefuseIdle(
            hasChecks,
            "with \"checks\": apply a guardrail, or make checks without one",
            "guardrail_id",
            "version",
            "grounding",
            "images");
    }

    // Checks of sensitive information alone, masked, never refuse; a guardrail may block whatever its console says.
    private static void RefuseIdle(GuardrailSettings settings, CheckSettings? checks, bool masks)
    {
        settings.RefuseIdle(checks is { Pii.Count: 0 }, "without \"sensitive_information\" in \"checks\"", "pii_action");
        settings.Object("actions").RefuseIdle(
            masks && checks is { Content.Count: 0, Attacks.Count: 0, Pii.Count: > 0 }, "where all that is looked for is masked", "message");
    }

    private static string? ReadRegion(GuardrailSettings settings, GuardrailSettings credentials, GuardrailName guardrail)
    {
        var given = credentials.Parsed<string?>("aws_region", Region, null);
        var region = given ?? guardrail.Region;
        if (region is null && !credentials.Has("aws_region"))
        {
            credentials.Problem("aws_region", "is required, unless the guardrail is given by its ARN");
        }
        else if (given is not null && guardrail.Region is not null && guardrail.Region != given)
        {
            credentials.Problem("aws_region", $"the guardrail's ARN says {guardrail.Region}: a guardrail can only be asked in its own region");
        }
        else if (region is not null && guardrail.Partition is { } partition && partition != BedrockEndpoints.PartitionOf(region))
        {
            settings.Problem("guardrail_id", $"the ARN says partition {partition}, but {region} lies in {BedrockEndpoints.PartitionOf(region)}");
        }

        return region;
    }

    private static Uri ReadVendor(GuardrailSettings settings, string? region)
    {
        var fips = settings.Boolean("fips", false);
        var dualStack = settings.Boolean("dual_stack", false);
        if ((fips || dualStack) && settings.Has("endpoint"))
        {
            settings.Problem(fips ? "fips" : "dual_stack", "cannot be combined with \"endpoint\"");
        }

        try
        {
            return region is null ? Nowhere : BedrockEndpoints.Resolve(region, fips, dualStack);
        }
        catch (FormatException problem)
        {
            settings.Problem(fips ? "fips" : "dual_stack", problem.Message);
            return Nowhere;
        }
    }

    private static string? Region(string text) =>
        BedrockEndpoints.IsRegion(text) ? text : throw new FormatException("expected a region such as \"eu-west-1\"");

    private static string Version(string text) =>
        text == "DRAFT" || (text.Length is >= 1 and <= 8 && text[0] != '0' && text.All(char.IsAsciiDigit))
            ? text
            : throw new FormatException("expected \"DRAFT\" or a number from \"1\" to \"99999999\"");
}
