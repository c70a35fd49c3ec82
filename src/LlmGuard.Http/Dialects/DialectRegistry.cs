using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using LlmGuard.Http.Dialects.AnthropicMessages;
using LlmGuard.Http.Dialects.Bedrock;
using LlmGuard.Http.Dialects.Cohere;
using LlmGuard.Http.Dialects.Gemini;
using LlmGuard.Http.Dialects.Ollama;
using LlmGuard.Http.Dialects.Mcp;
using LlmGuard.Http.Dialects.MistralChat;
using LlmGuard.Http.Dialects.OpenAiChat;
using LlmGuard.Http.Dialects.OpenAiCompletions;
using LlmGuard.Http.Dialects.OpenAiEmbeddings;
using LlmGuard.Http.Dialects.OpenAiResponses;
using LlmGuard.Http.Json;

namespace LlmGuard.Http.Dialects;

/// <summary>The dialects that are known, and how a call's dialect is found.</summary>
internal static class DialectRegistry
{
    private const int LookedAtMembers = 64;
    private const int ShortString = 64;
    private const int LongestName = 256;

    // The order decides which dialect a body's shape is tried against first.
    private static readonly Dialect[] Dialects =
    [
        new GeminiDialect(),
        new ConverseDialect(),
        new InvokeModelDialect(),
        new OllamaChatDialect(),
        new OllamaGenerateDialect(),
        new OllamaEmbedDialect(),
        new CohereChatDialect(),
        new CohereFirstChatDialect(),
        new McpDialect(),
        new AnthropicMessagesDialect(),
        new MistralChatDialect(),
        new OpenAiChatDialect(),
        new OpenAiResponsesDialect(),
        new OpenAiCompletionsDialect(),
        new OpenAiEmbeddingsDialect(),
    ];

    /// <summary>The dialect of a route, or null.</summary>
    /// <param name="method">The HTTP method.</param>
    /// <param name="rawPath">The path as sent, percent-encoded.</param>
    public static string? FromPath(string method, string rawPath)
    {
        var isPost = method.Equals("POST", StringComparison.OrdinalIgnoreCase);
        if (!isPost && !method.Equals("GET", StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        var route = DialectRoute.Of(rawPath);
        return isPost ? route.Posted : route.Listened;
    }

    /// <summary>The dialects of what is posted to a path and of what is listened to there, or null.</summary>
    /// <param name="path">The path's segments.</param>
    public static (string? Posted, string? Listened) Serving(string[] path) => (
        Array.Find(Dialects, d => d.Serves(path))?.Id,
        Array.Find(Dialects, d => d.IsListenedTo && d.Serves(path))?.Id);

    /// <summary>Whether a route of a dialect answers with a stream whatever the body says.</summary>
    public static bool IsStreamed(string? dialect, string rawPath) => Find(dialect)?.IsStreamed(DialectRoute.Of(rawPath).Segments) ?? false;

    /// <summary>The dialect a body's top level gives away, or null.</summary>
    public static string? FromBody(ReadOnlySpan<byte> json)
    {
        var members = TopLevel(json, out var isBatch);
        return members.Count == 0 ? null : Array.Find(Dialects, d => (!isBatch || d.HasBatches) && d.Resembles(members))?.Id;
    }

    /// <summary>The ids of all dialects.</summary>
    public static IEnumerable<string> Ids => Dialects.Select(static d => d.Id);

    /// <summary>Whether there is a dialect of that id.</summary>
    public static bool IsKnown(string id) => Find(id) is not null;

    public static Dialect? Find(string? id)
    {
        foreach (var dialect in id is null ? [] : Dialects)
        {
            if (dialect.Id == id)
            {
                return dialect;
            }
        }

        return null;
    }

    private static Dictionary<string, string?> TopLevel(ReadOnlySpan<byte> json, out bool isBatch)
    {
        var members = new Dictionary<string, string?>(StringComparer.Ordinal);
        var reader = new Utf8JsonReader(json);
        isBatch = false;
        try
        {
            isBatch = reader.Read() && reader.TokenType == JsonTokenType.StartArray;
            if ((isBatch && !reader.Read()) || reader.TokenType != JsonTokenType.StartObject)
            {
                return members;
            }

            while (members.Count < LookedAtMembers && reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var name = Fold(reader.ValueSpan, reader.ValueIsEscaped);
                reader.Read();
                members[name] = reader.TokenType == JsonTokenType.String && reader.ValueSpan.Length <= ShortString
                    ? Encoding.UTF8.GetString(reader.ValueSpan)
                    : null;
                reader.Skip();
            }

            return members;
        }
        catch (JsonException)
        {
            // A glance, not a judgement: whatever is wrong with the body, the strict read says so.
            return [];
        }
    }

    // Names that no dialect can have are left out under one that none has.
    private static string Fold(ReadOnlySpan<byte> name, bool hasEscapes)
    {
        if (name.Length > LongestName || !Utf8.IsValid(name) || (hasEscapes && JsonEscapes.HasLoneSurrogate(name)))
        {
            return "";
        }

        Span<byte> scratch = stackalloc byte[JsonKeys.MaxFolded(LongestName)];
        return Encoding.UTF8.GetString(JsonKeys.Fold(name, hasEscapes, scratch));
    }
}
