namespace LlmGuard.Redis.Tests;

/// <summary>One process of a fleet; see <see cref="Counters.FleetTests"/>.</summary>
internal static class Program
{
    public static Task<int> Main(string[] arguments) => Counters.FleetMember.RunAsync(arguments);
}
