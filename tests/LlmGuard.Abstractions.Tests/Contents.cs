using System.Text;

namespace LlmGuard.Abstractions.Tests;

/// <summary>Makes contents for tests.</summary>
internal static class Contents
{
    public static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    public static GuardrailContent OfStrings(params string[] texts) => Joined([.. texts.Select(t => (t, -1))]);

    /// <summary>Texts with their join numbers.</summary>
    public static GuardrailContent Joined(params (string Text, int Join)[] parts)
    {
        var builder = new GuardrailContentBuilder();
        foreach (var (text, join) in parts)
        {
            builder.AddText(text, new SegmentInfo { Role = SegmentRole.User, Kind = SegmentKind.Message, Join = join });
        }

        return builder.Build();
    }

    public static GuardrailContent OfUtf8(params string[] texts)
    {
        var builder = new GuardrailContentBuilder();
        foreach (var text in texts)
        {
            builder.AddText(Bytes(text), new SegmentInfo());
        }

        return builder.Build();
    }
}
