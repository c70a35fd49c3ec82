namespace LlmGuard.Scanning.Entities;

/// <summary>Classifies the byte before a trigger.</summary>
internal static class ByteNeighbours
{
    /// <summary>The class of a byte, where -1 stands for the start of the text.</summary>
    public static Neighbours Of(int b) => AsciiByte.IsDigit(b) ? Neighbours.Digit : AsciiByte.IsLetter(b) ? Neighbours.Letter : Neighbours.Other;
}
