using System.Buffers.Text;
using System.Globalization;
using System.Text;
using LlmGuard.Http.Json;

namespace LlmGuard.Http.Dialects;

/// <summary>The limit of an answer's length where it stands inside a member of the request.</summary>
internal static class NestedLimit
{
    /// <summary>Lowers a limit that stands inside a member of the request; gives one when there is none.</summary>
    /// <param name="change">The change.</param>
    /// <param name="members">The request.</param>
    /// <param name="container">The member that holds the limit, added when it is missing.</param>
    /// <param name="name">The limit.</param>
    public static bool TryLower(RequestChange.MaxTokens change, RequestMembers members, string container, string name)
    {
        var limit = Encoding.UTF8.GetBytes(change.Limit.ToString(CultureInfo.InvariantCulture));
        var member = (byte[])[(byte)'"', .. Encoding.UTF8.GetBytes(name), (byte)'"', (byte)':', .. limit];
        var holder = members.Find(Folded(container));
        if (holder < 0)
        {
            members.Insert(0, (byte[])[(byte)'"', .. Encoding.UTF8.GetBytes(container), (byte)'"', (byte)':', (byte)'{', .. member, (byte)'}']);
            return true;
        }

        if (members.KindOf(holder) == JsonTokenKind.Null)
        {
            members.Replace(holder, (byte[])[(byte)'{', .. member, (byte)'}']);
            return true;
        }

        if (members.KindOf(holder) != JsonTokenKind.Object)
        {
            return false;
        }

        var given = members.FindIn(holder, Folded(name));
        if (given < 0)
        {
            members.Insert(holder, member);
            return true;
        }

        if (members.KindOf(given) == JsonTokenKind.Null)
        {
            members.Replace(given, limit);
            return true;
        }

        if (members.KindOf(given) != JsonTokenKind.Number || !Utf8Parser.TryParse(members.Raw(given), out double tokens, out _))
        {
            return false;
        }

        // A negative limit means none in some of the servers.
        if (tokens > change.Limit || tokens < 0)
        {
            members.Replace(given, limit);
        }

        return true;
    }

    private static byte[] Folded(string name) => Encoding.UTF8.GetBytes(name.Replace("_", "", StringComparison.Ordinal).ToLowerInvariant());
}
