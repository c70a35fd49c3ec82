using System.Text.RegularExpressions;

namespace LlmGuard.Benchmarks.Ordinary;

/// <summary>Expressions for 28 kinds of personal data and secrets such as people write them, in the syntax that Go and .NET share.</summary>
internal static class RegexList
{
    public static readonly string[] Patterns =
    [
        @"\b[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+\.[A-Za-z]{2,24}\b",
        @"\b[0-9]{3}-[0-9]{2}-[0-9]{4}\b",
        @"\b(?:4[0-9]{3}|5[1-5][0-9]{2}|6011)[ -]?[0-9]{4}[ -]?[0-9]{4}[ -]?[0-9]{4}\b",
        @"\b3[47][0-9]{2}[ -]?[0-9]{6}[ -]?[0-9]{5}\b",
        @"\(?\b[2-9][0-9]{2}\)?[ .-][0-9]{3}[ .-][0-9]{4}\b",
        @"\+[1-9][0-9]{7,14}\b",
        @"\b(?:(?:25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])\.){3}(?:25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])\b",
        @"\b(?:[0-9A-Fa-f]{1,4}:){7}[0-9A-Fa-f]{1,4}\b",
        @"\b(?:[0-9A-Fa-f]{2}[:-]){5}[0-9A-Fa-f]{2}\b",
        @"\b[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}\b",
        @"\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b",
        @"\b(?:AKIA|ASIA|AROA|AIDA)[A-Z0-9]{16}\b",
        @"\bgh[pousr]_[A-Za-z0-9]{36,255}\b",
        @"\bxox[abprs]-[A-Za-z0-9-]{10,72}",
        @"\bAIza[0-9A-Za-z_-]{35}",
        @"\b[sr]k_(?:live|test)_[0-9A-Za-z]{16,99}\b",
        @"\bsk-[A-Za-z0-9_-]{20,180}",
        @"\beyJ[A-Za-z0-9_-]{8,}\.eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}",
        @"-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----",
        @"[a-z][a-z0-9+.-]{1,15}://[^\s:/@]{1,64}:[^\s:/@]{1,64}@",
        @"(?i)\b(?:password|passwd|pwd|secret|api[_-]?key|access[_-]?token)\s*[:=]\s*\S{6,128}",
        @"\b(?:bc1[a-z0-9]{25,59}|[13][1-9A-HJ-NP-Za-km-z]{25,34})\b",
        @"\b0x[0-9a-fA-F]{40}\b",
        @"\b[A-CEGHJ-PR-TW-Z]{2} ?[0-9]{2} ?[0-9]{2} ?[0-9]{2} ?[A-D]\b",
        @"\b[0-9]{3} [0-9]{3} [0-9]{4}\b",
        @"\b[A-Z][0-9]{8}\b",
        @"(?i)\b(?:dob|date of birth)\s*[:=]?\s*[0-9]{1,4}[/.-][0-9]{1,2}[/.-][0-9]{1,4}\b",
        @"AccountKey=[A-Za-z0-9+/=]{40,100}",
    ];

    public static Regex[] Compile() => [.. Patterns.Select(p => new Regex(p, RegexOptions.Compiled | RegexOptions.CultureInvariant))];

    /// <summary>Runs one after the other.</summary>
    public static int Count(Regex[] patterns, string text)
    {
        var count = 0;
        foreach (var pattern in patterns)
        {
            foreach (var match in pattern.EnumerateMatches(text))
            {
                count += match.Length > 0 ? 1 : 0;
            }
        }

        return count;
    }
}
