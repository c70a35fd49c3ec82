using System.Globalization;
using LlmGuard.Planning;

namespace LlmGuard.Policy.Reading;

/// <summary>Reads the keys of an entry that the plugin guide spells in other ways.</summary>
/// <remarks>
/// A legacy key counts at the entry, and inside <c>settings</c> unless the plugin reads a key of that name itself. Giving a key in two ways
/// with different values is a problem.
/// </remarks>
/// <param name="entry">The entry.</param>
/// <param name="settings">The settings, read by the plugin; null when there is no plugin.</param>
/// <param name="pluginKeys">The keys the plugin reads.</param>
internal sealed class EntryAliases(GuardrailSettings entry, GuardrailSettings? settings, IReadOnlySet<string> pluginKeys)
{
    private readonly HashSet<string> _lifted = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The keys that were taken out of <c>settings</c>.</summary>
    public IReadOnlyCollection<string> Lifted => _lifted;

    public EntryMode Mode()
    {
        var given = new List<Given<EntryMode>>();
        Add(given, entry, "mode", static (s, key) => s.Choice(key, EntryMode.Enforce, PolicyWords.Modes));
        if (settings?.Has("mode") == true && !pluginKeys.Contains("mode") && settings.OptionalString("mode") is { } word)
        {
            // Only these words are the guide's; any other value means a key that the plugin would have to read.
            var index = Array.FindIndex(PolicyWords.Modes, mode => mode.Key.Equals(word, StringComparison.OrdinalIgnoreCase));
            if (index >= 0)
            {
                _lifted.Add("mode");
                given.Add(new(Path(settings, "mode"), PolicyWords.Modes[index].Value));
            }
            else
            {
                settings.Problem("mode", "expected one of \"enforce\", \"monitor\", \"observe\"");
            }
        }

        AddAliases(given, "monitor_mode", static (s, key) => s.Boolean(key, false) ? EntryMode.Monitor : EntryMode.Enforce);
        return Agreed(given, out var mode) ? mode : EntryMode.Enforce;
    }

    public FailurePolicy OnError(FailurePolicy defaultValue)
    {
        var given = new List<Given<FailurePolicy>>();
        Add(given, entry, "on_error", static (s, key) => s.Choice(key, FailurePolicy.Block, PolicyWords.OnError));
        AddAliases(given, "block_failures", static (s, key) => s.Boolean(key, true) ? FailurePolicy.Block : FailurePolicy.Allow);
        return Agreed(given, out var policy) ? policy : defaultValue;
    }

    /// <summary>The deadline; null when nothing says which.</summary>
    public TimeSpan? Timeout()
    {
        var given = new List<Given<TimeSpan>>();
        Add(given, entry, "timeout_ms", static (s, key) => TimeSpan.FromMilliseconds(s.Int32(key, 1, 1, EntryReader.MaxTimeoutMs)));
        AddAliases(given, "timeout", Duration);
        return Agreed(given, out var timeout) ? timeout : null;
    }

    /// <summary>The sources; empty for all.</summary>
    public IReadOnlyList<SegmentSource> Sources()
    {
        var given = new List<Given<Sequence<SegmentSource>>>();
        Add(given, entry, "sources", static (s, key) => Normal(PolicyWords.Read(s, key, PolicyWords.Sources)));
        AddAliases(given, "content_to_check", static (s, key) => Normal(PolicyWords.Read(s, key, PolicyWords.Sources, all: "all")));
        return Agreed(given, out var sources) ? sources.Items : [];
    }

    /// <summary>The stages; null when nothing says which.</summary>
    public IReadOnlyList<GuardrailStage>? Stages(GuardrailPluginMetadata? plugin)
    {
        var stated = PolicyWords.Read(entry, "stage", PolicyWords.Stages, orOne: true);
        var prompt = Check("check_prompt");
        var response = Check("check_response");
        if (stated is not null)
        {
            Compare(stated, prompt, GuardrailStage.PreRequest);
            Compare(stated, response, GuardrailStage.PreResponse);
            return stated;
        }

        if (prompt is null && response is null)
        {
            return null;
        }

        // The guide checks both unless told otherwise; what is only meant by default is left out where the plugin cannot do it.
        var stages = new List<GuardrailStage>();
        Take(stages, prompt, GuardrailStage.PreRequest, plugin);
        Take(stages, response, GuardrailStage.PreResponse, plugin);
        return stages;
    }

    private static void Take(List<GuardrailStage> stages, Given<bool>? check, GuardrailStage stage, GuardrailPluginMetadata? plugin)
    {
        if (check?.Value ?? plugin?.Stages.Contains(stage) ?? true)
        {
            stages.Add(stage);
        }
    }

    private static TimeSpan Duration(GuardrailSettings settings, string key)
    {
        var ms = settings.Node(key, "duration or number") switch
        {
            null => 1,
            ({ Kind: SettingsNodeKind.Number } or { Kind: SettingsNodeKind.String, IsLoose: true }) and var node
                when int.TryParse(node.Text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) => number,
            { Kind: SettingsNodeKind.String } node when GoDuration.TryParse(node.Text, out var duration) => duration.TotalMilliseconds,
            _ => double.NaN,
        };
        if (ms is >= 1 and <= EntryReader.MaxTimeoutMs)
        {
            return TimeSpan.FromMilliseconds(ms);
        }

        settings.Problem(
            key,
            $"expected a duration such as \"500ms\" or \"5s\", or milliseconds as a number, from 1 ms to {EntryReader.MaxTimeoutMs} ms");
        return TimeSpan.FromMilliseconds(1);
    }

    private static Sequence<SegmentSource> Normal(List<SegmentSource>? sources) =>
        new(sources is null ? [] : [.. sources.Order()]);

    private static string Path(GuardrailSettings settings, string key) => SettingsNodeParser.Child(settings.Path, key);

    private Given<bool>? Check(string key)
    {
        var given = new List<Given<bool>>();
        AddAliases(given, key, static (s, key) => s.Boolean(key, true));
        return Agreed(given, out _) ? given[0] : null;
    }

    private void Compare(List<GuardrailStage> stated, Given<bool>? check, GuardrailStage stage)
    {
        if (check is { } given && given.Value != stated.Contains(stage))
        {
            Conflict(given.Path, Path(entry, "stage"));
        }
    }

    private void AddAliases<T>(List<Given<T>> given, string key, Func<GuardrailSettings, string, T> read)
    {
        Add(given, entry, key, read);
        if (settings?.Has(key) == true && !pluginKeys.Contains(key))
        {
            _lifted.Add(key);
            Add(given, settings, key, read);
        }
    }

    private static void Add<T>(List<Given<T>> given, GuardrailSettings from, string key, Func<GuardrailSettings, string, T> read)
    {
        var isGiven = from.Has(key);
        var problems = from.Problems.Count;
        // Read in any case: what is read is what the list of known keys names.
        var value = read(from, key);
        if (isGiven && from.Problems.Count == problems)
        {
            given.Add(new(Path(from, key), value));
        }
    }

    private bool Agreed<T>(List<Given<T>> given, out T value)
    {
        value = given.Count == 0 ? default! : given[0].Value;
        foreach (var other in given.Skip(1).Where(other => !EqualityComparer<T>.Default.Equals(other.Value, given[0].Value)))
        {
            Conflict(other.Path, given[0].Path);
        }

        return given.Count > 0;
    }

    private void Conflict(string path, string other) =>
        entry.Session.Problems.Add(new SettingsProblem(path, $"says something else than {other}: give one of them"));

    private readonly record struct Given<T>(string Path, T Value);

    /// <summary>A list that is equal to another by its items.</summary>
    private readonly record struct Sequence<T>(IReadOnlyList<T> Items)
    {
        public bool Equals(Sequence<T> other) => Items.SequenceEqual(other.Items);

        public override int GetHashCode() => Items.Count;
    }
}
