namespace LlmGuard.Scanning.Entities;

/// <summary>A built-in entity.</summary>
/// <param name="Id">Its id, which is also the type of what it finds.</param>
/// <param name="Groups">The groups it belongs to.</param>
/// <param name="Finds">What it finds, in a few words.</param>
/// <param name="Evidence">What makes it sure: checksums, words before it, the shape alone.</param>
/// <param name="Detector">How it is found, at any confidence.</param>
internal sealed record EntityInfo(string Id, EntityGroups Groups, string Finds, string Evidence, Detector Detector);
