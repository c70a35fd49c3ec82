using System.Text;

namespace LlmGuard.Plugins.CodeSanitation.Rules;

/// <summary>The sinks by name, with the numbers of their rules. Immutable.</summary>
internal static class SinkTable
{
    /// <summary>Longest name that is looked up.</summary>
    public const int LongestName = NameTable<Entry[]>.Longest;

    private static readonly List<byte[]> Receivers = [];
    private static readonly NameTable<Entry[]> ByName = Build();

    /// <summary>
    /// A sink and the numbers of its rules; -1 where a level is none. Of its receivers those that are names have numbers, see
    /// <see cref="ReceiverNames"/>; the others have -1.
    /// </summary>
    public sealed record Entry(CodeSink Sink, byte[][] Names, int[] ReceiverNumbers, int Foreign, int Dangerous, int Dynamic, int Literal);

    /// <summary>By number, the names of all receivers, each once.</summary>
    public static IReadOnlyList<byte[]> ReceiverNames => Receivers;

    /// <summary>The sinks of a name, without regard to case.</summary>
    public static Entry[] Find(ReadOnlySpan<byte> name) => ByName.TryFind(name, out var entries) ? entries! : [];

    /// <summary>Whether a name is one of a sink's, case and all.</summary>
    public static bool IsSpelled(Entry entry, ReadOnlySpan<byte> name)
    {
        foreach (var own in entry.Names)
        {
            if (name.SequenceEqual(own))
            {
                return true;
            }
        }

        return false;
    }

    private static int NumberOf(byte[] receiver)
    {
        if (receiver is [] or [(byte)'*' or (byte)'.'])
        {
            return -1;
        }

        var number = Receivers.FindIndex(r => r.AsSpan().SequenceEqual(receiver));
        if (number < 0)
        {
            Receivers.Add(receiver);
        }

        return number < 0 ? Receivers.Count - 1 : number;
    }

    private static NameTable<Entry[]> Build()
    {
        var table = new Dictionary<string, List<Entry>>(StringComparer.OrdinalIgnoreCase);
        foreach (var sink in CodeCatalog.Sinks)
        {
            var entry = new Entry(
                sink,
                [.. sink.NameList.Select(Encoding.UTF8.GetBytes)],
                [.. sink.ReceiverBytes.Select(NumberOf)],
                CodeCatalog.Find(sink.Id + ".untrusted"),
                CodeCatalog.Find(sink.Id + DangerousCommands.Level),
                CodeCatalog.Find(sink.Id + ".dynamic"),
                CodeCatalog.Find(sink.Id));
            foreach (var name in sink.NameList.Distinct(StringComparer.OrdinalIgnoreCase))
            {
                if (!table.TryGetValue(name, out var entries))
                {
                    table[name] = entries = [];
                }

                entries.Add(entry);
            }
        }

        return new NameTable<Entry[]>(table.ToDictionary(t => t.Key, t => t.Value.ToArray(), StringComparer.OrdinalIgnoreCase));
    }
}
