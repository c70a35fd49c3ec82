using System.Text.Json;

namespace LlmGuard.Plugins.ExternalApi.Requests;

/// <summary>A part of a body template. What is filled in is written as a JSON value, so that no text can break out of its string.</summary>
internal abstract record BodyNode
{
    /// <summary>How many texts it takes at once.</summary>
    public abstract TextUse Texts { get; }

    public abstract void Write(Utf8JsonWriter writer, Question question);

    /// <summary>A value of the template itself.</summary>
    internal sealed record Literal(JsonElement Value) : BodyNode
    {
        public override TextUse Texts => TextUse.None;

        public override void Write(Utf8JsonWriter writer, Question question) => Value.WriteTo(writer);
    }

    /// <summary>A value of the call, with its own type.</summary>
    internal sealed record Filled(Source Source) : BodyNode
    {
        public override TextUse Texts => Source.Texts;

        public override void Write(Utf8JsonWriter writer, Question question) => Source.Write(writer, question);
    }

    /// <summary>A string with values inside; absent ones are empty.</summary>
    internal sealed record Text(IReadOnlyList<(string Literal, Source? Source)> Pieces) : BodyNode
    {
        public override TextUse Texts => Pieces.Max(static p => p.Source?.Texts ?? TextUse.None);

        public override void Write(Utf8JsonWriter writer, Question question) =>
            writer.WriteStringValue(string.Concat(Pieces.Select(p => p.Source is { } source ? source.Scalar!(question) : p.Literal)));
    }

    internal sealed record List(IReadOnlyList<BodyNode> Items) : BodyNode
    {
        public override TextUse Texts => Items.Select(static i => i.Texts).DefaultIfEmpty().Max();

        public override void Write(Utf8JsonWriter writer, Question question)
        {
            writer.WriteStartArray();
            foreach (var item in Items)
            {
                item.Write(writer, question);
            }

            writer.WriteEndArray();
        }
    }

    internal sealed record Members(IReadOnlyList<KeyValuePair<string, BodyNode>> Items) : BodyNode
    {
        public override TextUse Texts => Items.Select(static i => i.Value.Texts).DefaultIfEmpty().Max();

        public override void Write(Utf8JsonWriter writer, Question question)
        {
            writer.WriteStartObject();
            foreach (var (name, value) in Items)
            {
                writer.WritePropertyName(name);
                value.Write(writer, question);
            }

            writer.WriteEndObject();
        }
    }
}
