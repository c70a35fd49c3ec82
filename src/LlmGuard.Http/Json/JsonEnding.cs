namespace LlmGuard.Http.Json;

/// <summary>Sees when a JSON object or array that arrives in pieces has come to its end. Whether it is well-formed is for others to say.</summary>
internal sealed class JsonEnding
{
    private int _depth;
    private bool _isInString;
    private bool _isEscaped;
    private bool _isScalar;

    /// <summary>Whether the closing bracket has been read.</summary>
    public bool IsReached { get; private set; }

    public void Read(ReadOnlySpan<byte> piece)
    {
        foreach (var b in piece)
        {
            if (_isInString)
            {
                _isInString = _isEscaped || b != '"';
                _isEscaped = !_isEscaped && b == '\\';
            }
            else if (b == '"')
            {
                _isInString = true;
                _isScalar |= _depth == 0;
            }
            else if (b is (byte)'{' or (byte)'[')
            {
                _depth++;
            }
            else if (b is (byte)'}' or (byte)']')
            {
                _depth--;
                IsReached |= _depth == 0 && !_isScalar;
            }
            else if (_depth == 0 && b is not ((byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n'))
            {
                // Something else than a container stands first: it has no end of its own.
                _isScalar = true;
            }
        }
    }
}
