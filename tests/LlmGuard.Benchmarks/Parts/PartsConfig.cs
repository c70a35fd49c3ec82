using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Toolchains.InProcess.Emit;

namespace LlmGuard.Benchmarks.Parts;

/// <summary>Runs in this process: nothing is generated or built, and this version of the tool need not know the runtime.</summary>
internal sealed class PartsConfig : ManualConfig
{
    public PartsConfig()
    {
        AddJob(Job.ShortRun.WithToolchain(InProcessEmitToolchain.Instance));
        AddLogger(ConsoleLogger.Default);
        AddColumnProvider(DefaultColumnProviders.Instance);
    }
}
