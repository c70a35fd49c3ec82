using System.Text;
using LlmGuard.Http.Json;

namespace LlmGuard.Http.Dialects.Places;

/// <summary>An object that one of its members tells apart.</summary>
/// <param name="member">Folded name of that member.</param>
/// <param name="cases">Places by what it says.</param>
/// <param name="fallback">The place when it says anything else or is not there.</param>
internal sealed class UnionPlace(string member, (string Type, Place Place)[] cases, Place fallback) : Place
{
    private readonly byte[] _member = Encoding.UTF8.GetBytes(member);
    private readonly (byte[] Type, Place Place)[] _cases = [.. cases.Select(c => (Encoding.UTF8.GetBytes(c.Type), c.Place))];

    public override void Visit(JsonWalk walk, int token, in PlaceContext context)
    {
        var type = walk.Find(token, _member);
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
