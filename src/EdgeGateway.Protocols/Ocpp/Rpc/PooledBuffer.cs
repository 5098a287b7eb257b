using System.Buffers;

namespace EdgeGateway.Protocols.Ocpp.Rpc;

/// <summary>A growing buffer from the shared pool, so that an idle connection holds no memory for writing.</summary>
internal sealed class PooledBuffer : IBufferWriter<byte>
{
    private const int FirstBytes = 512;

    private byte[] _bytes = [];
    private int _used;

    public ReadOnlyMemory<byte> Written => _bytes.AsMemory(0, _used);

    public void Advance(int count) => _used += count;

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return _bytes.AsMemory(_used);
    }

    public Span<byte> GetSpan(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return _bytes.AsSpan(_used);
    }

    /// <summary>Gives the memory back; the buffer is empty and can be used again.</summary>
    public void Release()
    {
        if (_bytes.Length > 0) ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = [];
        _used = 0;
    }

    private void Reserve(int sizeHint)
    {
        var wanted = _used + Math.Max(sizeHint, 1);
        if (wanted <= _bytes.Length) return;
        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(wanted, Math.Max(FirstBytes, _bytes.Length * 2)));
        _bytes.AsSpan(0, _used).CopyTo(larger);
        if (_bytes.Length > 0) ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = larger;
    }
}
