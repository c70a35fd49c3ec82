using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace LlmGuard.Policy;

/// <summary>Turns a configuration section into a document.</summary>
/// <remarks>
/// Configuration flattens JSON: members 0, 1, ... are a list, values are text that converts by declared type, keys ignore case. Providers
/// overlay key by key, which fuses list items by index without anybody seeing it; an item put together from two providers is refused. Lists
/// written as objects overlay as meant.
/// </remarks>
internal sealed class ConfigurationNodes(IConfigurationRoot? root, ICollection<SettingsProblem> problems)
{
    /// <summary>Converts a section.</summary>
    /// <param name="section">The section.</param>
    /// <param name="except">Members of the section that are not part of the document.</param>
    public SettingsNode Convert(IConfigurationSection section, IReadOnlyCollection<string> except) => Convert(
        section,
        section.GetChildren().Where(child => !except.Contains(child.Key, StringComparer.OrdinalIgnoreCase)).ToList(),
        "$",
        isInItem: false);

    private SettingsNode Convert(IConfigurationSection section, List<IConfigurationSection> children, string path, bool isInItem)
    {
        if (children.Count == 0)
        {
            return section.Value is { } text
                ? new SettingsNode { Kind = SettingsNodeKind.String, Path = path, Text = text, IsLoose = true }
                : new SettingsNode { Kind = path == "$" ? SettingsNodeKind.Object : SettingsNodeKind.Null, Path = path, IsLoose = true };
        }

        if (!string.IsNullOrEmpty(section.Value))
        {
            problems.Add(new SettingsProblem(path, "has a value and members at once: two configuration providers disagree about what it is"));
        }

        if (path != "$" && children.All(IsIndex))
        {
            return new SettingsNode
            {
                Kind = SettingsNodeKind.Array,
                Path = path,
                IsLoose = true,
                Items = [.. children.Select(child => Item(child, path, isInItem))],
            };
        }

        return new SettingsNode
        {
            Kind = SettingsNodeKind.Object,
            Path = path,
            IsLoose = true,
            Members = [.. children.Select(child => Member(child, path, isInItem))],
        };
    }

    private KeyValuePair<string, SettingsNode> Member(IConfigurationSection child, string path, bool isInItem) =>
        KeyValuePair.Create(child.Key, Convert(child, [.. child.GetChildren()], SettingsNodeParser.Child(path, child.Key), isInItem));

    private static bool IsIndex(IConfigurationSection child) =>
        int.TryParse(child.Key, NumberStyles.None, CultureInfo.InvariantCulture, out var index)
        && index.ToString(CultureInfo.InvariantCulture) == child.Key;

    private SettingsNode Item(IConfigurationSection item, string path, bool isInItem)
    {
        path = $"{path}[{item.Key}]";
        if (!isInItem && root is not null && Leaves(item).Select(leaf => ProviderOf(root, leaf.Path)).Distinct().Skip(1).Any())
        {
            problems.Add(new SettingsProblem(
                path,
                "this list item is put together from several configuration providers: "
                + "write the list as an object with a key per item, or keep it in one provider"));
        }

        return Convert(item, [.. item.GetChildren()], path, isInItem: true);
    }

    private static IEnumerable<IConfigurationSection> Leaves(IConfigurationSection section)
    {
        var children = section.GetChildren().ToList();
        return children.Count == 0 ? [section] : children.SelectMany(Leaves);
    }

    private static object? ProviderOf(IConfigurationRoot root, string key)
    {
        foreach (var provider in root.Providers.Reverse())
        {
            if (provider.TryGet(key, out _))
            {
                return provider is ChainedConfigurationProvider { Configuration: IConfigurationRoot inner } ? ProviderOf(inner, key) : provider;
            }
        }

        return null;
    }
}
