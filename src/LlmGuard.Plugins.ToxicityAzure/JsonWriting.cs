using System.Text.Json;

namespace LlmGuard.Plugins.ToxicityAzure;

/// <summary>Writes what several requests have in common.</summary>
internal static class JsonWriting
{
    extension(Utf8JsonWriter body)
    {
        /// <summary>Writes a member that is an array of strings.</summary>
        public void WriteStrings(ReadOnlySpan<byte> name, IEnumerable<string> values)
        {
            body.WriteStartArray(name);
            foreach (var value in values)
            {
                body.WriteStringValue(value);
            }

            body.WriteEndArray();
        }
    }
}
