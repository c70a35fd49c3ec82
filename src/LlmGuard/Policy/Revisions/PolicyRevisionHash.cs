using System.Buffers;
using System.Security.Cryptography;
using System.Text.Json;
using LlmGuard.Planning;
using LlmGuard.Policy.Evaluators;

namespace LlmGuard.Policy.Revisions;

/// <summary>The hash that names a revision: equal for documents that mean the same, whatever their layout, and across processes.</summary>
/// <remarks>
/// Secrets take part by reference; literal ones by number only, see <see cref="EvaluatorFactory.Canonical"/>. Paths and notes take no part.
/// </remarks>
internal static class PolicyRevisionHash
{
    public static string Compute(PolicyDocument document)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteBoolean("allow_empty", document.AllowEmpty);
            WriteIdentity(writer, document.Identity);
            writer.WriteStartArray("levels");
            foreach (var level in document.Levels())
            {
                WriteLevel(writer, level);
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        return Convert.ToHexStringLower(SHA256.HashData(buffer.WrittenSpan).AsSpan(0, 16));
    }

    private static void WriteIdentity(Utf8JsonWriter writer, IdentityPolicy identity)
    {
        writer.WriteStartObject("identity");
        WriteStrings(writer, "consumer_claims", identity.ConsumerClaims);
        WriteStrings(writer, "group_claims", identity.GroupClaims);
        writer.WriteString("consumer_header", identity.TrustedConsumerHeader);
        writer.WriteString("groups_header", identity.TrustedGroupsHeader);
        writer.WriteBoolean("refuse_unidentified", identity.RefuseUnidentified);
        writer.WriteEndObject();
    }

    private static void WriteLevel(Utf8JsonWriter writer, PolicyLevel level)
    {
        writer.WriteStartObject();
        writer.WriteString("kind", level.Kind);
        writer.WriteString("name", level.Name);
        if (level is RuleLevel rule)
        {
            WriteStrings(writer, "methods", rule.Methods);
            writer.WriteString("service_id", rule.ServiceId);
            writer.WriteBoolean("active", rule.Active);
            writer.WriteBoolean("strip_path", rule.StripPath);
        }
        else if (level is ConsumerLevel consumer)
        {
            WriteStrings(writer, "groups", consumer.Groups);
        }

        WriteOptions(writer, level.Options);
        writer.WriteStartArray("entries");
        foreach (var entry in level.Entries)
        {
            WriteEntry(writer, entry);
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static void WriteOptions(Utf8JsonWriter writer, LevelOptions options)
    {
        writer.WriteStartObject("options");
        writer.WriteString("dialect", options.Dialect);
        WriteNumber(writer, "deny_with_completion", options.DenyWithCompletion switch { true => 1, false => 0, _ => null });
        WriteNumber(writer, "max_body_bytes", options.MaxBodyBytes);
        WriteNumber(writer, "max_depth", options.MaxDepth);
        WriteNumber(writer, "max_segments", options.MaxSegments);
        WriteNumber(writer, "max_findings", options.MaxFindings);
        WriteNumber(writer, "max_inflate_ratio", options.MaxInflateRatio);
        WriteNumber(writer, "max_held_bytes", options.MaxHeldBytes);
        foreach (var (word, kind) in PolicyWords.UninspectedKinds)
        {
            WriteNumber(writer, word, options.Uninspected.TryGetValue(kind, out var action) ? (int)action : null);
        }

        writer.WriteEndObject();
    }

    private static void WriteEntry(Utf8JsonWriter writer, PolicyEntry entry)
    {
        writer.WriteStartObject();
        writer.WriteString("plugin", entry.Plugin);
        writer.WriteString("id", entry.Id);
        writer.WriteBoolean("enabled", entry.Enabled);
        WriteStrings(writer, "stages", entry.Stages.Select(static stage => stage.ToString()));
        writer.WriteNumber("priority", entry.Priority);
        writer.WriteBoolean("parallel", entry.Parallel);
        writer.WriteBoolean("monitor", entry.Mode == EntryMode.Monitor);
        writer.WriteBoolean("fail_open", entry.OnError == FailurePolicy.Allow);
        writer.WriteNumber("timeout_ticks", entry.Timeout.Ticks);
        writer.WriteBoolean("locked", entry.Locked);
        writer.WriteBoolean("cache", entry.Cache);
        WriteStrings(writer, "roles", entry.Filter.Roles.Order(StringComparer.Ordinal));
        WriteStrings(writer, "kinds", entry.Filter.Kinds.Order(StringComparer.Ordinal));
        WriteStrings(writer, "sources", entry.Filter.Sources.Order().Select(static source => source.ToString()));
        WriteStrings(writer, "seams", entry.Seams.Order().Select(static seam => seam.ToString()));
        writer.WriteString("message", entry.Message);
        WriteNumber(writer, "status_code", entry.StatusCode);
        WriteStreaming(writer, entry.Streaming);
        writer.WritePropertyName("settings");
        writer.WriteRawValue(entry.Settings);
        writer.WriteEndObject();
    }

    private static void WriteStreaming(Utf8JsonWriter writer, StreamingOptions streaming)
    {
        writer.WriteStartObject("streaming");
        writer.WriteString("mode", streaming.Mode);
        writer.WriteNumber("head_chars", streaming.HeadChars);
        writer.WriteNumber("head_max_ms", streaming.HeadMaxMs);
        writer.WriteNumber("min_chars", streaming.MinChars);
        writer.WriteNumber("max_hold_ms", streaming.MaxHoldMs);
        writer.WriteNumber("max_window_chars", streaming.MaxWindowChars);
        writer.WriteEndObject();
    }

    private static void WriteStrings(Utf8JsonWriter writer, string name, IEnumerable<string> values)
    {
        writer.WriteStartArray(name);
        foreach (var value in values)
        {
            writer.WriteStringValue(value);
        }

        writer.WriteEndArray();
    }

    private static void WriteNumber(Utf8JsonWriter writer, string name, long? value)
    {
        if (value is { } number)
        {
            writer.WriteNumber(name, number);
        }
    }
}
