using System.Security.Cryptography;

namespace LlmGuard.Policy;

/// <summary>The policy's files as they were at one moment.</summary>
/// <remarks>
/// Files that change in turn can be read as a pair that never was: the first before its change, the second after its own. An entry that moves from
/// the second into the first is then in neither. So all are read until two readings in a row agree, which what was on disk between them does too.
/// </remarks>
internal sealed class PolicyFiles
{
    /// <summary>How many readings in a row may differ before the files are given up for now.</summary>
    public const int MaxReadings = 8;

    private readonly Content[] _contents;

    private PolicyFiles(IReadOnlyList<string> paths, Content[] contents, string fingerprint)
    {
        Paths = paths;
        _contents = contents;
        Fingerprint = fingerprint;
    }

    /// <summary>Full paths, in the order in which the documents merge.</summary>
    public IReadOnlyList<string> Paths { get; }

    /// <summary>
    /// A hash that changes when the content of the files does, or whether they can be read. Files that would not hold still have none, so that
    /// whatever they hold next is a change.
    /// </summary>
    public string Fingerprint { get; }

    /// <summary>Reads the files. What is wrong with one of them is said when its bytes are asked for.</summary>
    /// <param name="paths">Full paths.</param>
    /// <param name="read">Reads one of them; <see cref="PolicyFile.Read"/>.</param>
    public static PolicyFiles Read(IReadOnlyList<string> paths, Func<string, byte[]> read)
    {
        var contents = ReadOnce(paths, read);
        var fingerprint = Hash(contents);
        for (var readings = 1; readings < MaxReadings; readings++)
        {
            var again = ReadOnce(paths, read);
            var same = Hash(again);
            if (same == fingerprint)
            {
                return new PolicyFiles(paths, again, same);
            }

            fingerprint = same;
        }

        var problem = new GuardrailPolicyException("The policy files change while they are read.");
        return new PolicyFiles(paths, [.. paths.Select(_ => new Content([], problem))], "");
    }

    /// <summary>The fingerprint of files as a single reading finds them.</summary>
    public static string FingerprintOf(IReadOnlyList<string> paths) => Hash(ReadOnce(paths, PolicyFile.Read));

    /// <summary>The bytes of a file.</summary>
    /// <exception cref="GuardrailPolicyException">It could not be read, or the files would not hold still.</exception>
    public byte[] BytesOf(int file) => _contents[file] is { Problem: { } problem } ? throw problem : _contents[file].Bytes;

    private static Content[] ReadOnce(IReadOnlyList<string> paths, Func<string, byte[]> read)
    {
        var contents = new Content[paths.Count];
        for (var i = 0; i < contents.Length; i++)
        {
            try
            {
                contents[i] = new Content(read(paths[i]), null);
            }
            catch (GuardrailPolicyException problem)
            {
                // Not readable is a state like any other here; the load that follows says what is wrong.
                contents[i] = new Content([], problem);
            }
        }

        return contents;
    }

    private static string Hash(Content[] contents)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var content in contents)
        {
            hash.AppendData(BitConverter.GetBytes(content.Problem is null ? content.Bytes.Length : -1));
            hash.AppendData(content.Bytes);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private readonly record struct Content(byte[] Bytes, GuardrailPolicyException? Problem);
}
