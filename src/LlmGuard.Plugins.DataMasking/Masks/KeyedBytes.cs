using System.Security.Cryptography;

namespace LlmGuard.Plugins.DataMasking.Masks;

/// <summary>An endless row of bytes that nobody can tell from chance without the key, and that is the same for the same seed.</summary>
internal struct KeyedBytes(byte[] key, byte[] seed)
{
    private readonly byte[] _seed = HMACSHA256.HashData(key, seed);
    private byte[] _block = [];
    private uint _blocks;
    private int _at;

    /// <summary>The next number below a limit of at most 65,536; the small bias of the remainder tells nobody anything.</summary>
    public int Below(int limit)
    {
        if (_at + sizeof(uint) > _block.Length)
        {
            _block = HMACSHA256.HashData(_seed, BitConverter.GetBytes(_blocks++));
            _at = 0;
        }

        var number = BitConverter.ToUInt32(_block, _at);
        _at += sizeof(uint);
        return (int)(number % (uint)limit);
    }
}
