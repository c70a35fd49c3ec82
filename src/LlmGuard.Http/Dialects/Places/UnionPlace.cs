using System.Text;
using LlmGuard.Http.Json;

namespace LlmGuard.Http.Dialects.Places;

/// <summary>An object that its <c>type</c> member tells apart.</summary>
/// <param name="cases">Places by type.</param>
/// <param name="fallback">The place of any other or no type.</param>
internal sealed class UnionPlace((string Type, Place Place)[] cases, Place fallback) : Place
{
    private readonly (byte[] Type, Place Place)[] _cases = [.. cases.Select(c => (Encoding.UTF8.GetBytes(c.Type), c.Place))];

    public override void Visit(JsonWalk walk, int token, in PlaceContext context)
    {
        var type = walk.Find(token, "type"u8);
        foreach (var (name, place) in type < 0 ? [] : _cases)
        {
            if (walk.Is(type, name))
            {
                place.Visit(walk, token, context);
                return;
            }
        }

        fallback.Visit(walk, token, context);
    }
}
