namespace LlmGuard.Streaming;

/// <summary>Takes a text piece by piece, and with it where edited pieces stood in the text as it came from the upstream.</summary>
internal interface ITextSink
{
    /// <summary>Text that nobody has edited.</summary>
    void Plain(ReadOnlySpan<byte> text);

    /// <summary>Text in the place of another.</summary>
    /// <param name="text">What stands there now; may be empty.</param>
    /// <param name="originalStart">Offset in the upstream's text.</param>
    /// <param name="originalLength">Bytes of the upstream's text it stands for.</param>
    void Edited(ReadOnlySpan<byte> text, long originalStart, int originalLength);
}
