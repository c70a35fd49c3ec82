using System.Buffers;
using LlmGuard.Plugins.InjectionProtection.Rules;
using LlmGuard.Scanning.Lexing;

namespace LlmGuard.Plugins.InjectionProtection.Web.Paths;

/// <summary>
/// Judges names of files by their last two extensions: a program that passes for a document to people (<c>invoice.pdf.exe</c>), a program of a
/// server that passes for a picture to who checks uploads (<c>shell.php.jpg</c>), and one whose last sign the server's system takes off
/// (<c>shell.php.</c>, <c>shell.asp::$DATA</c>). A name is a whole value, or what a header gives as one.
/// </summary>
internal static class DoubleExtensions
{
    private const int LongestName = 160;
    private const int LongestHeader = 512;

    private static readonly WordTable<Kind> Extensions = new(
        ("pdf doc docx xls xlsx ppt pptx rtf odt jpg jpeg png gif bmp mp3 mp4", Kind.Document),
        ("webp ico tif tiff", Kind.Picture),
        ("php php3 php4 php5 php7 php8 phtml phar pht asp aspx ashx asmx jsp jspx jsw cgi cfm", Kind.OfServer),
        ("exe scr com pif bat cmd vbs vbe js jse wsf wsh hta lnk ps1 msi jar cpl dll sh", Kind.Program));

    private static readonly SearchValues<byte> NotInNames = SearchValues.Create("\"'<>|*?\r\n\t;,()[]{}=&"u8);

    private enum Kind : byte
    {
        None,

        /// <summary>People open it to read, to look or to listen.</summary>
        Document,
        Picture,

        /// <summary>A server runs it when it is asked for.</summary>
        OfServer,

        /// <summary>A machine runs it when it is opened.</summary>
        Program,
    }

    public static void Find(ReadOnlySpan<byte> text, HitList hits)
    {
        if (text.Length is > 4 and <= LongestName)
        {
            Judge(text, 0, hits);
        }

        if (text.Length <= LongestHeader && text.IndexOf("filename=\""u8) is >= 0 and var header)
        {
            var start = header + "filename=\"".Length;
            var length = text[start..].IndexOf((byte)'"');
            hits.Steps += text.Length;
            Judge(length < 0 ? text[start..] : text.Slice(start, length), start, hits);
        }
    }

    private static void Judge(ReadOnlySpan<byte> name, int offset, HitList hits)
    {
        hits.Steps += name.Length;
        if (name.ContainsAny(NotInNames) || name.IndexOf("://"u8) >= 0)
        {
            return;
        }

        var trimmed = Trim(name);
        var isCut = trimmed.Length < name.TrimEnd((byte)' ').Length && !trimmed.Contains((byte)' ');
        var dot = trimmed.LastIndexOf((byte)'.');
        if (dot <= 0 || !Extensions.TryFind(trimmed[(dot + 1)..], out var last))
        {
            return;
        }

        // "report.pdf .exe": blanks hide what comes behind them.
        var before = trimmed[..dot].TrimEnd((byte)' ');
        var first = before.LastIndexOf((byte)'.');
        var inner = first > 0 && Extensions.TryFind(before[(first + 1)..], out var found) ? found : Kind.None;
        var isDisguised = (inner == Kind.Document && last is Kind.Program or Kind.OfServer)
            || (inner == Kind.OfServer && last is Kind.Document or Kind.Picture)
            || (isCut && last == Kind.OfServer);
        if (isDisguised && !HasSentence(before))
        {
            var start = inner == Kind.None ? dot : first;
            hits.Add(InjectionRules.FileDisguise, offset + start, offset + trimmed.Length);
        }
    }

    // What Windows takes off the end of a name: points and blanks, and the stream that a file is.
    private static ReadOnlySpan<byte> Trim(ReadOnlySpan<byte> name) =>
        name.EndsWith("::$data"u8) ? name[..^"::$data".Length] : name.TrimEnd(". "u8);

    // "open the file invoice.pdf.exe" says something of one; a name has few blanks.
    private static bool HasSentence(ReadOnlySpan<byte> name) => name.Count((byte)' ') > 2;
}
