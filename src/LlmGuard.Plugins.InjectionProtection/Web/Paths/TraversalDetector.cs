using System.Buffers;
using LlmGuard.Plugins.InjectionProtection.Rules;
using LlmGuard.Scanning.Lexing;

namespace LlmGuard.Plugins.InjectionProtection.Web.Paths;

/// <summary>Looks for steps up the directory tree, plain and in the encodings that only servers resolve.</summary>
internal static class TraversalDetector
{
    private static readonly SearchValues<byte> FolderBytes = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789_-/"u8);

    private const int LongestBefore = 128;

    // Steps up to a neighbour that is no source: in a program or a document, and to a file as a value that somebody was asked for.
    private const int MostNeighbour = 3;
    private const int MostOfValue = 2;

    // Longer than two bytes in UTF-8, or not of it at all: no client writes dots and slashes so.
    private static readonly LiteralSet<bool> Encodings = new(
        (["%c0%ae", "%c0%af", "%c0%2e", "%c0%2f", "%c1%9c", "%c1%1c", "%c0%5c", "%e0%80%af", "%e0%80%ae", "%e0%40%ae", "%c0%9v", "%c0%qf", "%c1%8s",
            "%c1%af", "%c1%pc", "%f0%80%80%af", "%f8%80%80%80%af", "%fc%80%80%80%80%af", "%25c0%25ae", "%25c0%25af", "%25c1%259c", "%uff0e",
            "%u2215", "%u2216", "%uefc8", "%uf025", "%u002e", "%u002f", "%u005c", "%2e%2e", "%2e.", ".%2e", "..%2f", "..%5c", "..%255c", "..%252f",
            "%252e%252e", "..%25", "..0x2f", "..0x5c", "0x2e0x2e", "%%32%65", "%%32%66", "..%u", "..%c0", "..%c1", ".%00.", "..\\\\/", "..%01/",
            "%c0.%c0.", "\\xc0\\xae", "\\x2e\\x2e", "..%bg", "..%af", "..%9c", "..%5", "..%2", ".%252e", "%%c0%", "%c0%%"], true));

    public static void Find(ReadOnlySpan<byte> text, HitList hits)
    {
        hits.Steps += text.Length;
        for (var at = 0; (at = Encodings.Find(text, at, out var length, out _)) >= 0; at += length)
        {
            hits.Add(InjectionRules.PathEncoded, at, at + length);
        }

        var (start, steps) = (-1, 0);
        for (var at = 0; at < text.Length - 1;)
        {
            var length = Step(text, at);
            hits.Steps += length + 1;
            if (length > 0)
            {
                start = steps == 0 ? at : start;
                steps++;
                at += length;
                continue;
            }

            Judge(text, start, at, steps, hits);
            steps = 0;
            var next = text[(at + 1)..].IndexOf((byte)'.');
            if (next < 0)
            {
                return;
            }

            at += next + 1;
        }

        Judge(text, start, text.Length, steps, hits);
    }

    // "../", "..\", "....//", "..;/", ".../": the dots, what hides between, and slashes of either kind.
    private static int Step(ReadOnlySpan<byte> text, int at)
    {
        var i = at;
        while (i < text.Length && i < at + 6 && text[i] is (byte)'.' or (byte)'?' or (byte)';' or (byte)'\0')
        {
            i++;
        }

        if (i - at < 2 || text[at] != '.' || !text[at..i].Contains((byte)'.') || text[at..i].Count((byte)'.') < 2)
        {
            return 0;
        }

        var slashes = i;
        while (i < text.Length && i < slashes + 8 && (text[i] == '.' && i > slashes && i + 1 < text.Length
            && text[i + 1] == '/') | text[i] is (byte)'/' or (byte)'\\' or (byte)'?' or 0xBF or 0xEF or 0xBD)
        {
            i++;
        }

        return i > slashes || (i == text.Length && i - at == 2) ? i - at : 0;
    }

    private static void Judge(ReadOnlySpan<byte> text, int start, int end, int steps, HitList hits)
    {
        if (steps == 0)
        {
            return;
        }

        // Programs name their neighbours by some steps and a name; nobody climbs to nothing, or with the other slash, or from a folder to above it.
        var climbed = text[start..end];
        var rest = text.Slice(end, Math.Min(ClimbTarget.Longest, text.Length - end));
        hits.Steps += climbed.Length + rest.Length + start - Math.Max(0, start - LongestBefore) + Mention.Longest;
        var folders = Folders(text, start, out var isAbsolute, out var begin);
        var isHere = start > 1 && text[start - 1] == '/' && text[start - 2] == '.' && (start == 2
            || text[start - 3] is (byte)' ' or (byte)'"' or (byte)'\'' or (byte)'=');
        (folders, isAbsolute) = isHere ? (0, false) : (folders, isAbsolute);
        var isFromRoot = !isHere && start > 0 && text[start - 1] is (byte)'/' or (byte)'\\';
        var isOdd = climbed.IndexOf("//"u8) >= 0 || climbed.Contains((byte)';') || (climbed.Contains((byte)'\\')
            && !(IsBackward(climbed) && ClimbTarget.IsNeighbour(rest)));
        var isValue = begin == 0 || text[begin - 1] == '=';
        var most = isValue && ClimbTarget.IsFile(rest) ? MostOfValue : MostNeighbour;
        var isNeighbour = !isOdd && ClimbTarget.IsNeighbour(rest);
        var isArgument = start > 0 && text[start - 1] == ' ' && !isOdd && (steps == 2 && end >= text.Length
            || text[..start].EndsWith("cd "u8) && (rest.IsEmpty || rest[0] == ' '));
        if (Mention.GoesOnBehindPath(text, end))
        {
            return;
        }

        if ((isNeighbour && (steps <= most || ClimbTarget.IsSource(rest)) && (folders == 0 ? !isFromRoot : folders >= steps && !isAbsolute))
            || isArgument)
        {
            return;
        }

        if (steps > most || (folders >= 0 && steps > folders && (folders > 0 || isAbsolute))
            || (steps >= 2 && (isFromRoot || isOdd || !isNeighbour))
            || (steps == 1 && climbed.Length > 3 && !climbed.StartsWith("...\\"u8) && (isFromRoot || isOdd) && text.Length < 256))
        {
            hits.Add(InjectionRules.PathTraversal, start, end);
        }
    }

    // How many folders lead down before the steps that lead up: with fewer of them a path leaves the folder that it begins in. Who means a neighbour
    // of that
    // folder does not go into it first. -1 when that is not to be seen.
    private static int Folders(ReadOnlySpan<byte> text, int start, out bool isAbsolute, out int begin)
    {
        var before = text[Math.Max(0, start - LongestBefore)..start];
        before = before[(before.LastIndexOfAnyExcept(FolderBytes) + 1)..];
        begin = start - before.Length;
        isAbsolute = before is [(byte)'/', ..];
        var folders = 0;
        foreach (var part in before.Split((byte)'/'))
        {
            folders += part.Start.Value < part.End.Value ? 1 : 0;
        }

        return before.IsEmpty ? 0 : before is [.., (byte)'/'] && before.Length < LongestBefore ? folders : -1;
    }

    // "..\..\": steps as projects of Windows write them, and nothing between them.
    private static bool IsBackward(ReadOnlySpan<byte> climbed) => climbed.Count("..\\"u8) * "..\\"u8.Length == climbed.Length;
}
