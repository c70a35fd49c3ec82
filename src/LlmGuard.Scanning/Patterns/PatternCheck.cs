using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;

namespace LlmGuard.Scanning.Patterns;

/// <summary>
/// Compiles the patterns of one policy entry, and compares this library's matcher with .NET's backtracking one on samples of each. For one thread at
/// a time.
/// </summary>
/// <remarks>
/// A matcher that loses a match leaks what the pattern is to hide, and nobody sees it. So a pattern about which the two disagree is refused while
/// somebody is looking. What the two read differently is not compared: Unicode and POSIX classes, whatever .NET refuses, texts beyond ASCII, and
/// loops around something that may be empty. .NET is not always right either (10.0.12 loses matches of <c>\.+\B</c> and <c>(?i)[^x]+\b</c>), so it
/// does not decide alone: what it says must also be what the pattern means by definition. The work is bounded for each pattern and for all together;
/// what is beyond is not compared.
/// </remarks>
/// <param name="engine">What finds the matches of a program in a text; this library's matcher unless a test breaks it.</param>
internal sealed class PatternCheck(Func<PatternProgram, byte[], IReadOnlyList<Candidate>>? engine = null)
{
    private const int Samples = 16;

    private static readonly TimeSpan TimePerSample = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan TimePerEntry = TimeSpan.FromSeconds(1);

    private readonly Func<PatternProgram, byte[], IReadOnlyList<Candidate>> _engine = engine
        ?? (static (program, text) => new PatternSearch(program).Find(text));
    private TimeSpan _spent;

    /// <summary>Texts compared so far.</summary>
    public int Compared { get; private set; }

    /// <summary>Compiles a pattern in the syntax of Go.</summary>
    /// <exception cref="FormatException">The pattern cannot be used, or is not matched as it ought to be. The message does not quote it.</exception>
    public PatternProgram Compile(string pattern)
    {
        var program = PatternProgram.Compile(pattern);
        var started = Stopwatch.GetTimestamp();
        if (_spent < TimePerEntry && PatternParser.Parse(pattern) is var node && !HasEmptyLoop(node) && Peer(pattern) is { } peer)
        {
            Compare(program, node, peer);
        }

        _spent += Stopwatch.GetElapsedTime(started);
        return program;
    }

    private void Compare(PatternProgram program, PatternNode node, Regex peer)
    {
        var samples = new PatternSamples(node);
        for (var i = 0; i < Samples && samples.Next() is { } text; i++)
        {
            try
            {
                var expected = peer.Matches(text).Select(m => ((long)m.Index, (long)m.Index + m.Length));
                var found = _engine(program, Encoding.ASCII.GetBytes(text)).Select(m => (m.Start, m.End)).ToArray();
                if (!found.SequenceEqual(expected) && PatternDefinition.Matches(node, text) is { } defined && !found.SequenceEqual(defined))
                {
                    throw new FormatException(
                        "the pattern is valid, but this library does not match it as .NET does, so that it could overlook something: "
                            + "please report it");
                }

                Compared++;
            }
            catch (RegexMatchTimeoutException)
            {
                // The peer backtracks without end: that says nothing about the pattern here, which takes linear time.
                return;
            }
        }
    }

    private static Regex? Peer(string pattern)
    {
        if (IsReadOtherwise(pattern))
        {
            return null;
        }

        try
        {
            return new Regex(pattern, RegexOptions.CultureInvariant, TimePerSample);
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    // Categories are read with regard to case by .NET; within brackets [:alpha:] is a class only here, and -[x] one only there.
    private static bool IsReadOtherwise(string pattern)
    {
        var isInClass = false;
        for (var i = 0; i + 1 < pattern.Length; i++)
        {
            switch (pattern[i])
            {
                case '\\':
                    if (pattern[++i] is 'p' or 'P')
                    {
                        return true;
                    }

                    break;
                case '[' when isInClass && (pattern[i + 1] == ':' || pattern[i - 1] == '-'):
                    return true;
                case '[' when !isInClass:
                    isInClass = true;
                    i += pattern[i + 1] == '^' ? 1 : 0;

                    // Where it comes first the bracket is a character of the class.
                    i += i + 1 < pattern.Length && pattern[i + 1] == ']' ? 1 : 0;
                    break;
                case ']':
                    isInClass = false;
                    break;
            }
        }

        return false;
    }

    private static bool HasEmptyLoop(PatternNode node) => node switch
    {
        PatternNode.Sequence sequence => sequence.Items.Any(HasEmptyLoop),
        PatternNode.Choice choice => choice.Items.Any(HasEmptyLoop),
        PatternNode.Repeat repeat => repeat.Item.IsNullable || HasEmptyLoop(repeat.Item),
        _ => false,
    };
}
