using LlmGuard.Policy;

namespace LlmGuard.Tests.Policy;

/// <summary>Applications whose policy is a file that tests write and change.</summary>
public abstract class PolicyFileFixture
{
    protected static readonly TimeSpan Delay = TimeSpan.FromMilliseconds(250);

    protected string Folder { get; private set; } = "";

    protected string PolicyPath => Path.Combine(Folder, "policy.json");

    [SetUp]
    public void CreateDirectory() => Folder = Directory.CreateTempSubdirectory("llmguard-policy-").FullName;

    [TearDown]
    public void DeleteDirectory() => Directory.Delete(Folder, recursive: true);

    protected static string Level(int level, string rest = "") => Read.Gateway("\"settings\": {\"level\": " + level + "}" + rest, "judge");

    private protected PolicyApplication FromFile(string json, params IGuardrailPlugin[] plugins)
    {
        File.WriteAllText(PolicyPath, json);
        return new PolicyApplication(plugins is [] ? null : plugins, configure: options => options.PolicyFiles.Add(PolicyPath));
    }

    private protected void Change(PolicyApplication application, string json)
    {
        File.WriteAllText(PolicyPath, json);
        application.Time.Advance(PolicyWatcher.PollInterval);
        application.Time.Advance(Delay);
    }
}
