using System.Text;
using LlmGuard.Policy;
using LlmGuard.Policy.Reading;

namespace LlmGuard.Tests.Policy;

/// <summary>Reads policies in tests.</summary>
internal static class Read
{
    public static readonly IGuardrailPlugin[] NoSettingsPlugins = [new FakePlugin("mask"), new FakePlugin("judge")];

    public static PolicyDocument Policy(string json, params IGuardrailPlugin[] plugins) => Loaded([Source(json)], plugins).Document;

    public static LoadedPolicy Loaded(
        IReadOnlyList<PolicySource> sources, IReadOnlyList<IGuardrailPlugin>? plugins = null,
        Func<string, string?>? secrets = null) =>
        
        Reader(plugins, secrets).Read(sources, check: static (loaded, problems) => PolicyTable.Build(loaded.Document, problems));

    public static PolicyReader Reader(IReadOnlyList<IGuardrailPlugin>? plugins = null, Func<string, string?>? secrets = null) =>
        new(new PluginCatalog(plugins is null or [] ? NoSettingsPlugins : plugins), secrets ?? (_ => null), Dispose);

    public static void Dispose(IGuardrailEvaluator evaluator) => (evaluator as IDisposable)?.Dispose();

    public static PolicySource Source(string json, string name = "code", string root = "$") =>
        PolicySource.Parse(name, Encoding.UTF8.GetBytes(json), root);

    public static IReadOnlyList<SettingsProblem> Problems(Func<object> read) =>
        Assert.Throws<GuardrailPolicyException>(() => read())!.Problems;

    /// <summary>Paths and messages in lines, for comparing whole.</summary>
    public static IEnumerable<string> Paths(string json, params IGuardrailPlugin[] plugins) =>
        Problems(() => Policy(json, plugins)).Select(p => p.Path);

    /// <summary>A policy whose gateway has one entry.</summary>
    public static string Gateway(string entryMembers, string name = "mask") =>
        "{\"gateway\": {\"required_plugins\": [{\"name\": \"" + name + "\"" + (entryMembers.Length > 0 ? ", " + entryMembers : "") + "}]}}";

    public static PolicyEntry Entry(string entryMembers, params IGuardrailPlugin[] plugins) =>
        Policy(Gateway(entryMembers, plugins is [] ? "mask" : plugins[0].Metadata.Name), plugins).Gateway.Entries.Single();
}
