using LlmGuard.Plugins.InjectionProtection.Rules;
using LlmGuard.Scanning.Patterns;

namespace LlmGuard.Plugins.InjectionProtection.Settings;

/// <summary>A pattern of the policy's own; an item of <c>custom_injections</c>.</summary>
/// <param name="Rule">The rule its findings name: <c>custom.</c> and the name.</param>
/// <param name="Pattern">The pattern.</param>
/// <param name="Sources">Which parts of a message it applies to; empty for all.</param>
internal sealed record CustomInjection(InjectionRule Rule, PatternProgram? Pattern, IReadOnlyList<SegmentSource> Sources)
{
    /// <summary>How grave every one of them is.</summary>
    public const FindingSeverity Severity = FindingSeverity.High;

    public static CustomInjection Read(GuardrailSettings settings)
    {
        var name = settings.RequiredString("name");
        var text = settings.RequiredString("pattern");
        PatternProgram? pattern = null;
        try
        {
            pattern = text.Length > 0 ? PatternProgram.Compile(text) : null;
        }
        catch (FormatException refusal)
        {
            settings.Problem("pattern", refusal.Message);
        }

        var sources = new List<SegmentSource>();
        var words = settings.Strings("content_to_check");
        for (var i = 0; i < words.Count; i++)
        {
            switch (words[i])
            {
                case "headers":
                    sources.Add(SegmentSource.Headers);
                    break;
                case "path_and_query":
                    sources.Add(SegmentSource.PathAndQuery);
                    break;
                case "body":
                    sources.Add(SegmentSource.Body);
                    break;
                case "all":
                    sources.AddRange([SegmentSource.Headers, SegmentSource.PathAndQuery, SegmentSource.Body]);
                    break;
                default:
                    settings.Problem("content_to_check", i, "expected one of \"headers\", \"path_and_query\", \"body\", \"all\"");
                    break;
            }
        }

        settings.RefuseEmpty("content_to_check");
        return new CustomInjection(new InjectionRule("custom." + name, InjectionType.Custom, Severity), pattern, sources);
    }
}
