using LlmGuard.Plugins.InjectionProtection.Rules;
using LlmGuard.Plugins.InjectionProtection.Web.Addresses;
using LlmGuard.Plugins.InjectionProtection.Web.Markup;
using LlmGuard.Plugins.InjectionProtection.Web.Paths;
using LlmGuard.Plugins.InjectionProtection.Web.Queries;
using LlmGuard.Plugins.InjectionProtection.Web.Requests;
using LlmGuard.Plugins.InjectionProtection.Web.Shell;
using LlmGuard.Plugins.InjectionProtection.Web.Sql;
using LlmGuard.Plugins.InjectionProtection.Web.Templates;
using LlmGuard.Scanning.Lexing.Sql;

namespace LlmGuard.Plugins.InjectionProtection.Web;

/// <summary>Looks for the web types in one reading of a text. For one thread at a time.</summary>
internal sealed class WebDetector(SqlDialects dialects)
{
    private readonly SqlDetector _sql = new(dialects);

    /// <param name="text">The text, its ASCII letters in lower case.</param>
    /// <param name="hits">Receives what is found, of every type.</param>
    public void Find(ReadOnlySpan<byte> text, HitList hits)
    {
        if (!HttpMessage.TryRead(text, out var message))
        {
            FindInPart(text, hits);
            return;
        }

        while (message.Next())
        {
            var first = hits.Hits.Count;
            FindInPart(text[message.Start..message.End], hits);
            hits.Move(first, message.Start);
        }
    }

    private void FindInPart(ReadOnlySpan<byte> text, HitList hits)
    {
        var first = hits.Hits.Count;
        _sql.Find(text, hits);
        FindIn(text, hits);
        Telling.Drop(text, hits, first);
        if (FormField.MayStand(text))
        {
            FindInFields(text, hits);
        }
    }

    // A hit in a field covers its value: it is one value to whoever reads it.
    private void FindInFields(ReadOnlySpan<byte> text, HitList hits)
    {
        Span<byte> decoded = stackalloc byte[FormField.Longest];
        hits.Steps += 2 * text.Length;
        for (var at = 0; FormField.Next(text, at, out var field); at = field.End)
        {
            var length = field.Decode(text, decoded);
            hits.Steps += length;
            var first = hits.Hits.Count;

            // A whole query of one's own begins with the value; what else it is for is told by the name.
            if (!_sql.IsQuery(decoded[(field.Value - field.Start)..length], hits))
            {
                _sql.Find(decoded[..length], hits);
            }

            FindIn(decoded[..length], hits);
            Telling.Drop(decoded[..length], hits, first);
            hits.Cover(first, field.Value, field.End);
        }
    }

    private static void FindIn(ReadOnlySpan<byte> text, HitList hits)
    {
        WebLiterals.Find(text, hits);
        LookupDetector.Find(text, hits);
        ScriptDetector.Find(text, hits);
        MarkupDetector.Find(text, hits);
        CommandDetector.Find(text, hits);
        OptionDetector.Find(text, hits);
        TraversalDetector.Find(text, hits);
        TemplateDetector.Find(text, hits);
        AddressDetector.Find(text, hits);
        LdapDetector.Find(text, hits);
        XpathDetector.Find(text, hits);
        NoSqlDetector.Find(text, hits);
        CypherDetector.Find(text, hits);
        HeaderDetector.Find(text, hits);
        LogLineDetector.Find(text, hits);
        FileNameDetector.Find(text, hits);
    }
}
