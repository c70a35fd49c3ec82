using System.Globalization;
using System.Text;
using System.Text.Json;

namespace LlmGuard;

/// <summary>Reads the settings of one policy entry, key by key.</summary>
/// <remarks>
/// <para>
/// No read throws because of what the document says. A problem is collected with its JSON path, a harmless value is handed out, and the policy is
/// refused as a whole with every problem in one message. Keys that nobody read are problems too: nothing is accepted and ignored.
/// </para>
/// <para>
/// A value must have the declared JSON type. Settings that come from <c>IConfiguration</c>, where every value is text, convert by declared
/// type. A key with the value null counts as absent. Not safe for concurrent use.
/// </para>
/// <para>
/// What a caller does wrong does throw: an empty key is an <see cref="ArgumentException"/>, a null key, delegate or list of choices an
/// <see cref="ArgumentNullException"/>. Ranges include both ends. Where a value is wrong, the default is handed out. Read a list or a map once:
/// a second read would report its problems again.
/// </para>
/// </remarks>
public sealed partial class GuardrailSettings
{
    private readonly SettingsNode _node;
    private readonly SettingsSession _session;
    private readonly HashSet<string> _read = new(StringComparer.Ordinal);
    private readonly List<GuardrailSettings> _nested = [];
    private readonly Dictionary<string, GuardrailSettings> _objects = new(StringComparer.Ordinal);

    internal GuardrailSettings(SettingsNode node, SettingsSession session, SettingsSchema? schema = null)
    {
        _node = node;
        _session = session;
        Schema = schema ?? new SettingsSchema();
        if (node.Kind != SettingsNodeKind.Object)
        {
            Report(node.Path, $"expected an object, found {node.Describe()}");
        }
    }

    /// <summary>Where these settings stand in the document, as a JSON path.</summary>
    public string Path => _node.Path;

    /// <summary>The problems found so far, in all settings of the entry.</summary>
    public IReadOnlyList<SettingsProblem> Problems => _session.Problems;

    internal SettingsSchema Schema { get; }

    internal SettingsSession Session => _session;

    /// <summary>Reads settings from JSON text, for tests of a plugin.</summary>
    /// <param name="json">A JSON object; another value is a problem, not an exception. Comments are allowed. At most 64 levels deep.</param>
    /// <exception cref="ArgumentNullException"><paramref name="json"/> is null.</exception>
    /// <exception cref="JsonException">
    /// <paramref name="json"/> is not strict JSON: a duplicate key, trailing data or a trailing comma, a lone surrogate.
    /// </exception>
    public static GuardrailSettings Parse(string json)
    {
        ArgumentNullException.ThrowIfNull(json);
        return Utf16Text.IsWellFormed(json)
            ? new GuardrailSettings(SettingsNodeParser.Parse(Encoding.UTF8.GetBytes(json)), new SettingsSession())
            : throw new JsonException("The text holds a lone surrogate.");
    }

    /// <summary>Whether the key is present with a value other than null. Does not count as reading it.</summary>
    /// <param name="key">The key.</param>
    public bool Has(string key) => Peek(key) is not null;

    /// <summary>The keys of an object, for a setting that may be a list or a map. Does not count as reading it.</summary>
    /// <param name="key">The key.</param>
    /// <returns>The keys of the object in document order; none when the value is absent or something else.</returns>
    public IReadOnlyList<string> KeysOf(string key)
    {
        Schema.Keyed.Add(key);
        return Peek(key) is { Kind: SettingsNodeKind.Object } node ? [.. node.Members.Select(m => m.Key)] : [];
    }

    /// <summary>Reports a problem that the reads themselves cannot see.</summary>
    /// <param name="key">The key it is about, or null when it is about these settings as a whole.</param>
    /// <param name="message">What is wrong and what was expected. Must not quote secrets.</param>
    public void Problem(string? key, string message)
    {
        // What is no object at all was refused as that; that it lacks a key follows and helps nobody.
        if (_node.Kind == SettingsNodeKind.Object)
        {
            Report(key is null ? Path : PathOf(key), message);
        }
    }

    /// <summary>Reports a problem with one item of a list.</summary>
    /// <param name="key">The key of the list.</param>
    /// <param name="index">The item, from 0.</param>
    /// <param name="message">What is wrong and what was expected. Must not quote secrets.</param>
    public void Problem(string key, int index, string message) =>
        Report(string.Create(CultureInfo.InvariantCulture, $"{PathOf(key)}[{index}]"), message);

    /// <summary>Reads text.</summary>
    /// <param name="key">The key.</param>
    /// <param name="defaultValue">The value when the key is absent.</param>
    public string String(string key, string defaultValue = "") => Text(key, defaultValue, required: false) ?? defaultValue;

    /// <summary>Reads text that may be absent.</summary>
    /// <param name="key">The key.</param>
    /// <returns>The text, or null when the key is absent.</returns>
    public string? OptionalString(string key) => Text(key, null, required: false);

    /// <summary>Reads text that must be there and not empty.</summary>
    /// <param name="key">The key.</param>
    /// <returns>The text; empty when it is absent or wrong.</returns>
    public string RequiredString(string key)
    {
        var text = Text(key, null, required: true);
        if (text is "")
        {
            Problem(key, "must not be empty");
        }

        return text ?? "";
    }

    /// <summary>Reads a boolean.</summary>
    /// <param name="key">The key.</param>
    /// <param name="defaultValue">The value when the key is absent.</param>
    public bool Boolean(string key, bool defaultValue)
    {
        if (IsNew(key))
        {
            Record(key, new SettingsSchemaKey("boolean") { Default = defaultValue });
        }

        switch (Take(key))
        {
            case null:
                return defaultValue;
            case { Kind: SettingsNodeKind.Boolean } node:
                return node.Text == "true";
            case { IsLoose: true, Kind: SettingsNodeKind.String } node when bool.TryParse(node.Text, out var parsed):
                return parsed;
            case var node:
                return Mismatch(node, "a boolean", defaultValue);
        }
    }

    /// <summary>Reads a whole number.</summary>
    /// <param name="key">The key.</param>
    /// <param name="defaultValue">The value when the key is absent.</param>
    /// <param name="min">Smallest allowed value.</param>
    /// <param name="max">Largest allowed value.</param>
    public int Int32(string key, int defaultValue, int min = int.MinValue, int max = int.MaxValue) =>
        (int)(Integer(key, defaultValue, min, max, required: false) ?? defaultValue);

    /// <summary>Reads a whole number that must be there.</summary>
    /// <param name="key">The key.</param>
    /// <param name="min">Smallest allowed value.</param>
    /// <param name="max">Largest allowed value.</param>
    /// <returns>The number; what lies nearest to 0 within the range when it is absent or wrong.</returns>
    public int RequiredInt32(string key, int min = int.MinValue, int max = int.MaxValue) =>
        (int)(Integer(key, null, min, max, required: true) ?? Math.Clamp(0, min, max));

    /// <summary>Reads a whole number that may be absent.</summary>
    /// <param name="key">The key.</param>
    /// <param name="min">Smallest allowed value.</param>
    /// <param name="max">Largest allowed value.</param>
    /// <returns>The number, or null when the key is absent.</returns>
    public int? OptionalInt32(string key, int min = int.MinValue, int max = int.MaxValue) =>
        (int?)Integer(key, null, min, max, required: false);

    /// <summary>Reads a whole number that may be absent and large.</summary>
    /// <param name="key">The key.</param>
    /// <param name="min">Smallest allowed value.</param>
    /// <param name="max">Largest allowed value.</param>
    /// <returns>The number, or null when the key is absent.</returns>
    public long? OptionalInt64(string key, long min = long.MinValue, long max = long.MaxValue) => Integer(key, null, min, max, required: false);

    /// <summary>Reads a finite number.</summary>
    /// <param name="key">The key.</param>
    /// <param name="defaultValue">The value when the key is absent.</param>
    /// <param name="min">Smallest allowed value.</param>
    /// <param name="max">Largest allowed value.</param>
    public double Number(string key, double defaultValue, double min = double.MinValue, double max = double.MaxValue)
    {
        if (IsNew(key))
        {
            Record(key, new SettingsSchemaKey("number") { Default = defaultValue, Minimum = min, Maximum = max });
        }

        if (Take(key) is not { } node)
        {
            return defaultValue;
        }

        const NumberStyles style = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
        if (!IsNumeric(node) || !double.TryParse(node.Text, style, CultureInfo.InvariantCulture, out var value) || double.IsNaN(value))
        {
            return Mismatch(node, "a number", defaultValue);
        }

        if (double.IsInfinity(value))
        {
            Report(node.Path, string.Create(CultureInfo.InvariantCulture, $"the number is out of range: expected {min} to {max}"));
            return defaultValue;
        }

        return InRange(node, value, min, max) ? value : defaultValue;
    }

    /// <summary>
    /// Reads a duration in Go's syntax: <c>500ms</c>, <c>1m30s</c>, <c>24h</c>, with the units <c>ns</c> (parts of 100 ns are cut off),
    /// <c>us</c>, <c>ms</c>, <c>s</c>, <c>m</c>, <c>h</c>; and, beyond Go, <c>d</c> for days of 24 hours.
    /// </summary>
    /// <param name="key">The key.</param>
    /// <param name="defaultValue">The value when the key is absent.</param>
    /// <param name="min">Shortest allowed value.</param>
    /// <param name="max">Longest allowed value.</param>
    public TimeSpan Duration(string key, TimeSpan defaultValue, TimeSpan min, TimeSpan max)
    {
        if (IsNew(key))
        {
            Record(key, new SettingsSchemaKey("duration") { Default = defaultValue.ToString() });
        }

        if (Take(key) is not { } node)
        {
            return defaultValue;
        }

        if (node.Kind != SettingsNodeKind.String || !GoDuration.TryParse(node.Text, out var value))
        {
            return Mismatch(node, "a duration such as \"500ms\", \"1m30s\" or \"24h\"", defaultValue);
        }

        if (value < min || value > max)
        {
            Report(node.Path, $"{node.Text} is out of range: expected {min} to {max}");
            return defaultValue;
        }

        return value;
    }

    /// <summary>Reads one of several words.</summary>
    /// <typeparam name="T">What a word stands for.</typeparam>
    /// <param name="key">The key.</param>
    /// <param name="defaultValue">The value when the key is absent.</param>
    /// <param name="choices">The words and what they stand for. Compared exactly; settings from configuration ignore case.</param>
    public T Choice<T>(string key, T defaultValue, params IReadOnlyList<KeyValuePair<string, T>> choices)
    {
        ArgumentNullException.ThrowIfNull(choices);
        if (IsNew(key))
        {
            Record(key, ChoiceOf(defaultValue, choices));
        }

        if (Take(key) is not { } node)
        {
            return defaultValue;
        }

        if (node.Kind == SettingsNodeKind.String)
        {
            foreach (var (word, value) in choices)
            {
                if (word.Equals(node.Text, node.IsLoose ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal))
                {
                    return value;
                }
            }
        }

        return Mismatch(node, "one of " + string.Join(", ", choices.Select(c => $"\"{c.Key}\"")), defaultValue, quote: true);
    }

    /// <summary>Reads a list of texts.</summary>
    /// <param name="key">The key.</param>
    /// <returns>The texts in document order, an empty one for an item of another type; none when the key is absent.</returns>
    public IReadOnlyList<string> Strings(string key)
    {
        if (IsNew(key))
        {
            Record(key, new SettingsSchemaKey("strings"));
        }

        return [.. ItemsOf(key).Select(item => ScalarText(item) ?? Mismatch(item, "a string", ""))];
    }

    /// <summary>Reads text and converts it.</summary>
    /// <typeparam name="T">The result.</typeparam>
    /// <param name="key">The key.</param>
    /// <param name="parse">
    /// Converts the text; a <see cref="FormatException"/>, <see cref="ArgumentException"/> or <see cref="OverflowException"/> becomes a problem with
    /// its message. It must not quote the text if that may be secret.
    /// </param>
    /// <param name="fallback">The value when the key is absent or wrong.</param>
    /// <param name="required">Whether the key must be there.</param>
    public T Parsed<T>(string key, Func<string, T> parse, T fallback, bool required = false)
    {
        ArgumentNullException.ThrowIfNull(parse);
        if (Text(key, null, required) is not { } text)
        {
            return fallback;
        }

        try
        {
            return parse(text);
        }
        catch (Exception problem) when (problem is FormatException or ArgumentException or OverflowException)
        {
            Problem(key, problem.Message);
            return fallback;
        }
    }

    /// <summary>Reads an absolute http or https URI.</summary>
    /// <param name="key">The key.</param>
    /// <param name="defaultValue">The value when the key is absent, or null.</param>
    /// <param name="required">Whether the key must be there.</param>
    public Uri? HttpUri(string key, Uri? defaultValue = null, bool required = false) => Parsed(
        key,
        static text => System.Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" && uri.UserInfo.Length == 0
            ? uri
            : throw new FormatException("expected an absolute http or https URI without credentials"),
        defaultValue,
        required);

    /// <summary>Reads a secret: a text, or <c>{"$secret": "Name"}</c>. The value is never printed, in problems neither.</summary>
    /// <param name="key">The key.</param>
    /// <param name="sentTo">
    /// Where the secret is sent, an absolute URI, when that is known from the settings. A policy reload that changes the destination and keeps the
    /// secret is refused.
    /// </param>
    /// <param name="required">Whether the key must be there and its text not empty. A secret that is named is never empty.</param>
    /// <returns>The secret, or null when the key is absent; an empty one when it is wrong or not configured.</returns>
    /// <exception cref="InvalidOperationException"><paramref name="sentTo"/> is relative.</exception>
    public GuardrailSecret? Secret(string key, Uri? sentTo = null, bool required = false)
    {
        if (IsNew(key))
        {
            Record(key, new SettingsSchemaKey("secret") { IsRequired = required, IsSecret = true });
        }

        if (Take(key) is not { } node)
        {
            return Missing<GuardrailSecret?>(key, required, null);
        }

        var destination = sentTo?.GetComponents(UriComponents.SchemeAndServer, UriFormat.UriEscaped);
        if (ScalarText(node) is { } literal)
        {
            _session.Secrets.Add(new SecretUse(node.Path, null, destination));
            if (required && literal.Length == 0)
            {
                Report(node.Path, "must not be empty");
            }

            return new GuardrailSecret(literal);
        }

        if (node.Kind == SettingsNodeKind.Object && node.Members.Count == 1 && node.Member("$secret") is { } reference
            && ScalarText(reference) is { Length: > 0 } name)
        {
            _session.Secrets.Add(new SecretUse(node.Path, name, destination));
            var value = _session.ResolveSecret(name);
            if (string.IsNullOrWhiteSpace(value))
            {
                // Also where the key may be left out: who names a secret wants it used, and a reload that finds it emptied must not go on without it.
                Report(node.Path, $"the secret '{name}' is {(value is null ? "not configured" : "empty")}");
                return new GuardrailSecret("");
            }

            return new GuardrailSecret(value);
        }

        return Mismatch(node, "a string or {\"$secret\": \"Name\"}", new GuardrailSecret(""));
    }
}
