using System.Text;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace LlmGuard.Policy;

/// <summary>Finds the policy: JSON from code, else files, else the configuration section.</summary>
internal sealed class PolicyLocator(IOptions<AiGuardrailsOptions> options, IConfiguration? configuration = null, IHostEnvironment? environment = null)
{
    private const string FileKey = "PolicyFile";

    private static readonly string[] NoPolicy = [FileKey, "Secrets", .. OptionKeys.Names];

    private readonly AiGuardrailsOptions _options = options.Value;

    /// <summary>Reads the policy's documents: those of files as they were read, all others as they are now.</summary>
    /// <param name="files">The files.</param>
    /// <exception cref="GuardrailPolicyException">There is none, or one is not readable.</exception>
    public PolicySnapshot Take(PolicyFiles files)
    {
        var section = Section();
        var misplaced = OptionKeys.Misplaced(section, _options, FileKey);
        if (_options.PolicyJson is { } json)
        {
            return Snapshot([PolicySource.Parse("code", Encoding.UTF8.GetBytes(json))], misplaced, Unused(section, Paths(section), "PolicyJson"));
        }

        if (files.Paths.Count > 0)
        {
            return Snapshot([.. files.Paths.Select((_, file) => Parse(files, file))], misplaced, Unused(section, [], "a policy file"));
        }

        if (section is not null && HoldsPolicy(section))
        {
            return Snapshot([ReadSection(section)], misplaced, []);
        }

        if (misplaced.Count > 0)
        {
            throw new GuardrailPolicyException(Origin(section!), misplaced);
        }

        throw new GuardrailPolicyException(
            "No guardrail policy was found. Looked at AiGuardrailsOptions.PolicyJson and PolicyFiles (nothing there), "
            + (section is null
                ? "and there is no IConfiguration."
                : $"the configuration key '{section.Path}:{FileKey}' (absent) and the section '{section.Path}' (holds no policy)."));
    }

    /// <summary>Reads the files that the policy is made of at the moment; none when it comes from elsewhere.</summary>
    public PolicyFiles ReadFiles() => PolicyFiles.Read(_options.PolicyJson is null ? Paths(Section()) : [], PolicyFile.Read);

    /// <summary>Resolves the name of a <c>$secret</c>.</summary>
    public string? ResolveSecret(string name)
    {
        var key = _options.SecretPrefix + name;
        if (configuration?[key] is { } value)
        {
            return value;
        }

        // A section given by itself need not belong to the application's configuration.
        return _options.Section is { } section && key.StartsWith(section.Path + ":", StringComparison.OrdinalIgnoreCase)
            ? section[key[(section.Path.Length + 1)..]]
            : null;
    }

    private static PolicySnapshot Snapshot(PolicySource[] sources, List<SettingsProblem> problems, List<string> notes)
    {
        sources[0] = sources[0] with { Problems = [.. problems, .. sources[0].Problems] };
        return new PolicySnapshot(sources, notes);
    }

    private static string Origin(IConfigurationSection section) => $"configuration section '{section.Path}'";

    private static bool HoldsPolicy(IConfigurationSection section) =>
        section.GetChildren().Any(child => !NoPolicy.Contains(child.Key, StringComparer.OrdinalIgnoreCase));

    private static List<string> Unused(IConfigurationSection? section, List<string> files, string winner)
    {
        var notes = new List<string>();
        if (files.Count > 0)
        {
            notes.Add($"policy files are not used, because there is {winner}");
        }

        if (section is not null && HoldsPolicy(section))
        {
            notes.Add($"the policy in configuration section '{section.Path}' is not used, because there is {winner}");
        }

        return notes;
    }

    private static PolicySource Parse(PolicyFiles files, int file)
    {
        var name = Path.GetFileName(files.Paths[file]);
        return PolicySource.Parse(name, files.BytesOf(file), files.Paths.Count > 1 ? name + "#$" : "$");
    }

    private PolicySource ReadSection(IConfigurationSection section)
    {
        var problems = new List<SettingsProblem>();
        var root = new ConfigurationNodes(configuration as IConfigurationRoot, problems).Convert(section, NoPolicy);
        return new PolicySource(Origin(section), root) { Problems = problems };
    }

    private IConfigurationSection? Section() => _options.Section ?? configuration?.GetSection(_options.ConfigurationSection);

    private List<string> Paths(IConfigurationSection? section)
    {
        var basePath = environment?.ContentRootPath is { Length: > 0 } contentRoot ? contentRoot : AppContext.BaseDirectory;
        var key = section?.GetSection(FileKey);
        var configured =
            key is null ? [] : key.GetChildren().Select(child => child.Value).Prepend(key.Value).Where(value => !string.IsNullOrEmpty(value));
        var files = _options.PolicyFiles.Concat(configured.OfType<string>());
        return [.. files.Select(file => Path.GetFullPath(file, basePath)).Distinct(StringComparer.Ordinal)];
    }
}
