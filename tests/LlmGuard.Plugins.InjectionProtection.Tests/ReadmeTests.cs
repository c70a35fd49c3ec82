using System.Text.RegularExpressions;

namespace LlmGuard.Plugins.InjectionProtection.Tests;

public sealed partial class ReadmeTests
{
    [Test]
    public void Readme_Rules_AreThoseOfTheCode()
    {
        var readme = File.ReadAllText(Path.Combine(Root(), "src", "LlmGuard.Plugins.InjectionProtection", "README.md"));
        var section = readme[readme.IndexOf("## Rules", StringComparison.Ordinal)..readme.IndexOf("Findings carry", StringComparison.Ordinal)];
        var declared = typeof(Rules.InjectionRules).GetFields().Select(f => ((Rules.InjectionRule)f.GetValue(null)!).Id);
        Assert.That(RuleId().Matches(section).Select(m => m.Groups[1].Value), Is.EquivalentTo(declared));
    }

    [GeneratedRegex("`([a-z]+\\.[a-z_]+)`")]
    private static partial Regex RuleId();

    private static string Root()
    {
        var folder = new DirectoryInfo(TestContext.CurrentContext.TestDirectory);
        while (!Directory.Exists(Path.Combine(folder.FullName, "src", "LlmGuard.Plugins.InjectionProtection")))
        {
            folder = folder.Parent ?? throw new DirectoryNotFoundException("the repository was not found above the tests");
        }

        return folder.FullName;
    }
}
