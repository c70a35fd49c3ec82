using System.Buffers;
using LlmGuard.Plugins.InjectionProtection.Rules;
using LlmGuard.Scanning;
using LlmGuard.Scanning.Lexing;
using LlmGuard.Scanning.Lexing.Html;

namespace LlmGuard.Plugins.InjectionProtection.Web.Markup;

/// <summary>Looks for markup that runs script: in tags, in the attributes of a tag that the text was put into, and in addresses.</summary>
internal static class MarkupDetector
{
    private enum Tag
    {
        Plain,

        /// <summary>Runs or loads script wherever it stands.</summary>
        Script,

        /// <summary>Loads, submits or restyles; harmless in a document, out of place in a value.</summary>
        Active,
    }

    private const int LongestMention = 128;
    private const int LongestFormula = 1024;

    // What a name goes on with in a pattern that looks for the tag, and in the name of another element.
    private static readonly SearchValues<byte> PatternSigns = SearchValues.Create(".*[-?\\(|"u8);

    private static readonly SearchValues<byte> ProgramSigns = SearchValues.Create("(=;{`<&\\%"u8);

    private static readonly WordTable<Tag> Tags = new(
        ("script applet bgsound layer ilayer xss isindex frameset frame vmlframe event-source listener handler ?import !attlist", Tag.Script),
        ("iframe xml object embed base meta link svg math style noscript plaintext keygen portal foreignobject ?xml-stylesheet animate "
            + "animatetransform set marquee", Tag.Active));

    private static readonly WordTable<bool> UrlAttributes = new(
        ("href src action formaction data background lowsrc dynsrc poster xlink:href srcdoc code codebase content from to values url manifest "
            + "cite longdesc profile usemap classid folder", true));

    public static void Find(ReadOnlySpan<byte> text, HitList hits)
    {
        hits.Steps += text.Length;
        var isPage = PageScripts.IsPage(text);
        var isData = false;
        var reader = new HtmlTagReader(text);
        while (reader.NextTag())
        {
            JudgeTag(ref reader, text, isPage, ref isData, hits);
        }

        // Behind a quote that closes an attribute the text goes on with attributes of its own.
        foreach (var quote in "\"'`"u8)
        {
            var close = text.IndexOf(quote);
            if (close >= 0)
            {
                hits.Steps += close;
                reader.EnterAttributes(close + 1);
                JudgeAttributes(ref reader, text, hits, isInTag: false);
            }
        }
    }

    private static void JudgeTag(ref HtmlTagReader reader, ReadOnlySpan<byte> text, bool isPage, ref bool isData, HitList hits)
    {
        var (start, end) = (reader.NameStart - 1, reader.NameEnd);
        var name = text[reader.NameStart..end];
        var colon = name.IndexOf((byte)':');
        Tags.TryFind(colon > 0 && colon < name.Length - 1 ? name[(colon + 1)..] : name, out var tag);
        var wasData = isData;
        isData = name.SequenceEqual("script"u8) && (PageScripts.IsData(text, start, end) || PageScripts.IsSentence(text, start, end));
        if ((tag == Tag.Script || IsScriptLike(name)) && !IsMentioned(text, start, end) && !IsTypeArgument(text, start, end)
            && !isData && !(wasData && name.SequenceEqual("script"u8) && text[start] == '/')
            && !(isPage && name.SequenceEqual("script"u8) && PageScripts.IsOwn(text, start, end)))
        {
            hits.Add(InjectionRules.XssTag, start, end);
        }

        var before = hits.Hits.Count;
        var hasAttributes = JudgeAttributes(ref reader, text, hits, isInTag: true);
        if (tag == Tag.Active && before == hits.Hits.Count && (hasAttributes || name is [(byte)'s', (byte)'t', ..])
            && !ActiveTags.IsOfPage(name, text[end..], text[start] == '/', isPage)
            && !(name.SequenceEqual("svg"u8) && start == 0 && text.EndsWith("</svg>"u8))
            && !(name.SequenceEqual("math"u8) && start == 0 && text.EndsWith("</math>"u8) && IsFormula(text)))
        {
            hits.Add(InjectionRules.XssMarkup, start, end);
        }
    }

    // "Result<Frame<Bytes>, E>", "Vec<Handler>,": the argument of a type of a program. An element begins behind no name, and ends or has attributes.
    private static bool IsTypeArgument(ReadOnlySpan<byte> text, int start, int end) => start > 0 && AsciiByte.IsAlphanumeric(text[start - 1])
        && text[end..] is [(byte)'<' or (byte)',', ..] or [(byte)'>', (byte)'>' or (byte)',' or (byte)';' or (byte)'(' or (byte)')', ..]
        && text[start] == '<' && !text[(start + 1)..].StartsWith("script"u8);

    // "script" and what nobody sees.
    private static bool IsScriptLike(ReadOnlySpan<byte> name) => name.StartsWith("script"u8)
        && !(name.Length > 6 && (AsciiByte.IsLetter(name[6]) || PatternSigns.Contains(name[6])));

    // Numbers and signs, and none of the elements in which pages begin again.
    private static bool IsFormula(ReadOnlySpan<byte> text)
    {
        text = text[..Math.Min(text.Length, LongestFormula)];
        return text.IndexOf("<style"u8) < 0 && text.IndexOf("<mglyph"u8) < 0 && text.IndexOf("<annotation-xml"u8) < 0 && text.IndexOf("href"u8) < 0;
    }

    // "The tag <script> is dangerous": a sentence goes on, and nothing that a program would be written with follows.
    private static bool IsMentioned(ReadOnlySpan<byte> text, int start, int end)
    {
        var rest = text.Slice(end, Math.Min(LongestMention, text.Length - end));
        if (rest.StartsWith("> tag"u8) || rest.StartsWith("> element"u8) || rest.StartsWith("> block"u8))
        {
            return text[start] == '<' && rest.IndexOfAny(ProgramSigns) < 0;
        }

        if (start > 0 && text[start] == '<' && rest is [(byte)'>', .. var behind] && IsCited(text[..start], behind))
        {
            return true;
        }

        if (start > 0 && text[start] == '<' && rest.Contains((byte)'>') && rest.IndexOfAny(ProgramSigns) < 0
            && ValuePlace.IsInSentence(text[Math.Max(0, start - LongestMention)..start]))
        {
            return true;
        }

        return start > 1 && text[start] == '<' && text[start - 1] == ' ' && AsciiByte.IsLetter(text[start - 2])
            && rest is [(byte)'>', (byte)' ', >= (byte)'a' and <= (byte)'z', ..]
            && rest[2..].IndexOf((byte)' ') is > 0 and var word && word + 3 < rest.Length && AsciiByte.IsLetter(rest[word + 3])
            && rest[1..].IndexOfAny(ProgramSigns) < 0;
    }

    // "`<script>` tags", "<code><script></code>": the name of a tag as code, and nothing behind it that a program would be written with.
    private static bool IsCited(ReadOnlySpan<byte> before, ReadOnlySpan<byte> behind)
    {
        var quote = before.EndsWith("`"u8) ? "`"u8 : before.EndsWith("<code>"u8) ? "</code>"u8 : [];
        return !quote.IsEmpty && behind.StartsWith(quote) && behind[quote.Length..].IndexOfAny("(={;"u8) < 0;
    }

    private static bool JudgeAttributes(ref HtmlTagReader reader, ReadOnlySpan<byte> text, HitList hits, bool isInTag)
    {
        var (any, count) = (false, 0);
        while (count++ < 64 && reader.NextAttribute(out var attribute))
        {
            any = true;
            var name = text[attribute.NameStart..attribute.NameEnd];
            var value = text[attribute.ValueStart..attribute.ValueEnd];
            hits.Steps += attribute.ValueEnd - attribute.NameStart + 1;
            hits.Steps += name.StartsWith("on"u8) ? 2 * Math.Min(value.Length, HandlerCode.Longest) : 0;
            if ((HtmlEvents.IsEvent(name, isInTag) || (isInTag && HtmlEvents.IsHandlerLike(name, IsQuoted(text, attribute) ? value : [])))
                && !HtmlEvents.IsInert(text[attribute.ValueStart..])
                && !(IsQuoted(text, attribute) && HtmlEvents.IsOwn(name, value)) && HandlerCode.IsActive(value, isInTag))
            {
                hits.Add(InjectionRules.XssEvent, attribute.NameStart, attribute.ValueEnd);
            }
            else if (UrlAttributes.Contains(name) && ScriptUrls.At(value, 0, isAttribute: true) > 0)
            {
                hits.Add(InjectionRules.XssUrl, attribute.ValueStart, attribute.ValueEnd);
            }
            else if (name.SequenceEqual("style"u8) && IsActiveStyle(value))
            {
                hits.Add(InjectionRules.XssStyle, attribute.NameStart, attribute.ValueEnd);
            }
            else if (isInTag && (name.SequenceEqual("srcdoc"u8) || name.SequenceEqual("datasrc"u8) || name.SequenceEqual("dataformatas"u8)))
            {
                hits.Add(InjectionRules.XssMarkup, attribute.NameStart, attribute.ValueEnd);
            }
        }

        return any;
    }

    private static bool IsQuoted(ReadOnlySpan<byte> text, in HtmlAttribute attribute) => attribute.ValueStart > 0
        && text[attribute.ValueStart - 1] is (byte)'"' or (byte)'\'' or (byte)'`';

    private static bool IsActiveStyle(ReadOnlySpan<byte> value) =>
        value.IndexOf("expression"u8) >= 0 || value.IndexOf("binding"u8) >= 0 || value.IndexOf("behavio"u8) >= 0 || value.IndexOf("javascript"u8) >= 0
        || value.IndexOf("@import"u8) >= 0 || value.IndexOf("url("u8) >= 0 && value.IndexOf("script"u8) >= 0 || value.IndexOf("/*"u8) >= 0;
}
