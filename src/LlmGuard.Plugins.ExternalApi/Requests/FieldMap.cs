namespace LlmGuard.Plugins.ExternalApi.Requests;

/// <summary>Where a mapped value goes.</summary>
internal enum FieldPlace
{
    Body,
    Header,
    Query,
}

/// <summary>One of <c>field_maps</c>: a value of the call and where the request holds it.</summary>
/// <param name="Source">The value.</param>
/// <param name="Destination">The member (a name, or a JSON pointer that makes nested objects), header or query parameter.</param>
/// <param name="Place">Where it goes.</param>
internal sealed record FieldMap(Source Source, string Destination, FieldPlace Place)
{
    private static readonly Source Nothing = Source.OfText(static _ => null);

    public static IReadOnlyList<FieldMap> ReadAll(GuardrailSettings settings) => settings.List("field_maps", Read);

    private static FieldMap Read(GuardrailSettings item)
    {
        var map = new FieldMap(
            item.Parsed("source", Sources.Parse, Nothing, required: true),
            item.RequiredString("destination"),
            item.Choice(
                "in",
                FieldPlace.Body,
                KeyValuePair.Create("body", FieldPlace.Body),
                KeyValuePair.Create("header", FieldPlace.Header),
                KeyValuePair.Create("query", FieldPlace.Query)));
        if (map.Place != FieldPlace.Body && map.Source.Scalar is null)
        {
            item.Problem("source", "is no single value, so it can go into the body only");
        }

        if (map.Place == FieldPlace.Header && map.Destination.Length > 0
            && (!HeaderText.IsName(map.Destination) || HeaderText.IsReserved(map.Destination)))
        {
            item.Problem("destination", "expected the name of a header that the transport does not write itself");
        }

        return map;
    }
}
