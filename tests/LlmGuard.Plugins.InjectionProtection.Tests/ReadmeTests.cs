using System.Text.RegularExpressions;
using LlmGuard.Tests.Repository;

namespace LlmGuard.Plugins.InjectionProtection.Tests;

public sealed partial class ReadmeTests
{
    [Test]
    public void Readme_Rules_AreThoseOfTheCode()
    {
        var readme = File.ReadAllText(Checkout.PathOf("src", "LlmGuard.Plugins.InjectionProtection", "README.md"));
        var section = readme[readme.IndexOf("## Rules", StringComparison.Ordinal)..readme.IndexOf("Findings carry", StringComparison.Ordinal)];
        var declared = typeof(Rules.InjectionRules).GetFields().Select(f => ((Rules.InjectionRule)f.GetValue(null)!).Id);
        Assert.That(RuleId().Matches(section).Select(m => m.Groups[1].Value), Is.EquivalentTo(declared));
    }

    [GeneratedRegex("`([a-z]+\\.[a-z_]+)`")]
    private static partial Regex RuleId();
}
