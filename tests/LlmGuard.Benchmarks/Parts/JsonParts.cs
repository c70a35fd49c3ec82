using BenchmarkDotNet.Attributes;
using LlmGuard.Benchmarks.Bodies;
using LlmGuard.Benchmarks.Cases;
using LlmGuard.Http.Json;
using LlmGuard.Http.Json.Locating;

namespace LlmGuard.Benchmarks.Parts;

/// <summary>Reading a chat body, step by step.</summary>
[MemoryDiagnoser]
public class JsonParts
{
    private Rotation<byte[]> _bodies = null!;

    [Params(2048, 65536)]
    public int Size { get; set; }

    [GlobalSetup]
    public void Prepare() => _bodies = new Rotation<byte[]>(ChatBodies.Clean(Size));

    [Benchmark]
    public int Locate()
    {
        using var tape = JsonTape.Rent();
        JsonLocator.Instance.Locate(_bodies.Next(), 64, int.MaxValue, tape);
        return tape.Count;
    }

    [Benchmark]
    public object Read() => ChatText.Read(_bodies.Next()).Content;
}
