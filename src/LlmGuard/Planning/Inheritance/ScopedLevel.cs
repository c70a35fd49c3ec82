using System.Collections.Immutable;
using LlmGuard.Policy;

namespace LlmGuard.Planning.Inheritance;

/// <summary>A level with its entries under their handles.</summary>
internal sealed record ScopedLevel(PolicyLevel Level, LevelKind Kind, ImmutableArray<ScopedEntry> Entries);
