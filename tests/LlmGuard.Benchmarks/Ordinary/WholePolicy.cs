using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace LlmGuard.Benchmarks.Ordinary;

/// <summary>
/// The ordinary way to guard a request: parse it once, and ask every string for every compiled expression of every guard and for every keyword.
/// </summary>
/// <remarks>
/// One expression per type of injection and language of code, as gateways have them, and four for prompts. None of them reads through an escape, an
/// encoding or a disguise, which makes them cheaper. <see cref="RegexOptions.Compiled"/> is what is quickest for most of them.
/// </remarks>
internal static class WholePolicy
{
    private static readonly Regex[] Injections =
    [
        Of(@"['""]\s*(?:or|and)\s+['""\d\w]+\s*=|\bunion\b.{1,40}\bselect\b|;\s*(?:drop|delete|insert|update|alter)\b|\b(?:sleep|benchmark|pg_sleep)\s*\(|waitfor\s+delay|(?:--|#|/\*)\s*$"),
        Of(@"[""'\[{]\s*\$(?:where|regex|exists|gte?|lte?|ne|nin|elemMatch|all|size|or)\b|function\s*\(\s*\)\s*\{"),
        Of(@"[;|&`]\s*(?:cat|ls|id|whoami|wget|curl|nc|bash|sh|rm|ping|uname)\b|\$\([^)]+\)|\b(?:system|exec|passthru|popen)\s*\(|\bnc\s+-[ev]|powershell(?:\.exe)?\s+-e"),
        Of(@"(?:\.\.[/\\]){1,}|%2e%2e|%c0%ae|/etc/(?:passwd|shadow|hosts)|boot\.ini|win\.ini|\.ssh/|\.htaccess"),
        Of(@"\(\s*[&|!]\s*\(|\*\)\s*\(|\)\s*\(\s*[|&]|\(\w+=\*\)"),
        Of(@"<!(?:DOCTYPE|ENTITY|ELEMENT|ATTLIST)|<!\[CDATA\[|\bSYSTEM\s+['""]|xi:include|xmlns:"),
        Of(@"\b(?:file|gopher|dict|ldap|jar|netdoc)://|https?://(?:127\.|localhost|0\.0\.0\.0|169\.254\.|\[::1\])|metadata\.google\.internal"),
        Of(@"\b(?:include|require)(?:_once)?\s*\(?\s*['""]?\.\.|\bphp://|\bphar://|\bexpect://|https?://[^\s]+\.php\b|%00"),
        Of(@"\{\{.*?\}\}|\$\{[^}]*\}|#\{[^}]*\}|<%.*?%>|\[\[.*?\]\]|__(?:class|mro|subclasses|globals|proto)__"),
        Of(@"//\*|@\*|\b(?:contains|starts-with|string-length|substring|count|name|text|position)\s*\(\s*[/.@*]"),
        Of(@"[\r\n]\s*(?:HTTP/\d|Set-Cookie:|Location:|Content-Length:|X-Forwarded-)"),
        Of(@"<\s*(?:script|iframe|object|embed|applet|frame|svg)|\bon\w+\s*=|javascript\s*:|\b(?:alert|confirm|prompt|eval|expression)\s*\("),
    ];

    private static readonly Regex[] Prompts =
    [
        Of(@"\b(?:ignore|disregard|forget|bypass|override)\b.{0,40}\b(?:previous|prior|above|earlier|all|your)\b.{0,40}\b(?:instructions?|rules?|prompts?|guidelines?|directions?)\b"),
        Of(@"\b(?:reveal|show|print|repeat|output|display)\b.{0,40}\b(?:system|initial|hidden|original)\b.{0,20}\b(?:prompt|instructions?)\b"),
        Of(@"\b(?:you are now|act as|pretend (?:to be|you are)|from now on)\b.{0,80}\b(?:dan|unrestricted|no (?:rules|limits|restrictions)|jailbreak|developer mode)\b"),
        Of(@"<\|im_start\|>|\[INST\]|<<SYS>>|### ?(?:system|instruction)"),
    ];

    private static readonly Regex[] Languages =
    [
        Of(@"\b(?:eval|setTimeout|setInterval|execScript)\s*\(|\bnew\s+Function\s*\(|document\.write|</?script"),
        Of(@"\b(?:exec|eval|execfile|__import__)\s*\(|\bsubprocess\.|\bos\.(?:system|popen)\s*\("),
        Of(@"\b(?:eval|shell_exec|passthru|proc_open|phpinfo|unserialize|create_function)\s*\(|\b(?:include|require)_once\b"),
        Of(@"\bselect\b.{1,80}\bfrom\b|\binsert\s+into\b|\bupdate\b.{1,40}\bset\b|\bdelete\s+from\b|\b(?:drop|alter|truncate|create)\s+(?:table|database)\b|\bunion\s+select\b|\binto\s+(?:out|dump)file\b"),
        Of(@"\b(?:bash|sh|zsh)\s+-c\b|\brm\s+-r|/bin/\w+|\(\)\s*\{\s*:;|\|\s*(?:id|ls)\b|/etc/(?:passwd|shadow)|<!--#exec"),
        Of(@"Runtime\.getRuntime|ProcessBuilder|Class\.forName|ClassLoader|ObjectInputStream|System\.load|setAccessible|ScriptEngine"),
        Of(@"Process\.Start|new\s+Process\b|Assembly\.Load|BinaryFormatter|ObjectStateFormatter|LosFormatter|CodeDomProvider|System\.Management"),
        Of(@"\b(?:instance_|class_|module_)?eval\b\s*[(""']|%x[{(\[]|\bOpen3\.|Marshal\.load|YAML\.load\b|\bERB\.new|\bdefine_method\b|\bconstantize\b"),
        Of(@"</?(?:script|iframe|object|embed|applet)\b|\son\w+\s*=|(?:javascript|vbscript)\s*:|data:text/html"),
    ];

    /// <summary>Masks and judges a body. Nothing stops early, so that what one expression takes for an attack does not spare the rest.</summary>
    /// <returns>How many expressions and keywords found something.</returns>
    public static int Count(byte[] body, string[] keywords)
    {
        var root = JsonNode.Parse(body)!;
        return (RegexMasking.Walk(root) ? 1 : 0) + Count(root, keywords);
    }

    private static int Count(JsonNode node, string[] keywords)
    {
        var count = 0;
        switch (node)
        {
            case JsonObject members:
                foreach (var (_, child) in members)
                {
                    count += child is null ? 0 : Count(child, keywords);
                }

                break;
            case JsonArray items:
                foreach (var item in items)
                {
                    count += item is null ? 0 : Count(item, keywords);
                }

                break;
            case JsonValue value when value.TryGetValue<string>(out var text):
                count += Count(text, Injections) + Count(text, Prompts) + Count(text, Languages);
                foreach (var keyword in keywords)
                {
                    count += text.Contains(keyword, StringComparison.OrdinalIgnoreCase) ? 1 : 0;
                }

                break;
        }

        return count;
    }

    private static int Count(string text, Regex[] expressions)
    {
        var count = 0;
        foreach (var expression in expressions)
        {
            count += expression.IsMatch(text) ? 1 : 0;
        }

        return count;
    }

    private static Regex Of(string pattern) => new(pattern, RegexOptions.Compiled | RegexOptions.CultureInvariant | RegexOptions.IgnoreCase);
}
