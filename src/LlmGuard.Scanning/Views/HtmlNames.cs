using System.Collections.Frozen;

namespace LlmGuard.Scanning.Views;

/// <summary>Names of HTML character references for characters that values and separators are made of.</summary>
internal static class HtmlNames
{
    private static readonly FrozenDictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> Table = new Dictionary<string, int>
    {
        ["amp"] = '&', ["AMP"] = '&', ["lt"] = '<', ["gt"] = '>', ["quot"] = '"', ["apos"] = '\'', ["nbsp"] = 0xA0, ["shy"] = 0xAD,
        ["commat"] = '@', ["period"] = '.', ["colon"] = ':', ["comma"] = ',', ["semi"] = ';', ["lowbar"] = '_', ["hyphen"] = '-', ["dash"] = '-',
        ["num"] = '#', ["dollar"] = '$', ["percnt"] = '%', ["sol"] = '/', ["bsol"] = '\\', ["equals"] = '=', ["plus"] = '+', ["excl"] = '!',
        ["lpar"] = '(', ["rpar"] = ')', ["lbrack"] = '[', ["lsqb"] = '[', ["rsqb"] = ']',
            ["lcub"] = '{', ["rcub"] = '}', ["ast"] = '*', ["quest"] = '?',
        ["Hat"] = '^', ["grave"] = '`', ["vert"] = '|', ["Tab"] = '\t', ["zwnj"] = 0x200C, ["zwj"] = 0x200D, ["lrm"] = 0x200E, ["rlm"] = 0x200F,
        ["ndash"] = 0x2013, ["mdash"] = 0x2014, ["ensp"] = 0x2002, ["emsp"] = 0x2003, ["thinsp"] = 0x2009, ["middot"] = 0xB7,
    }.ToFrozenDictionary(StringComparer.Ordinal).GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>The character, or 0 when the name is not known.</summary>
    public static int Find(ReadOnlySpan<char> name) => Table.TryGetValue(name, out var character) ? character : 0;
}
