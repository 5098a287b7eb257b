using EdgeGateway.Protocols.Modbus;
using EdgeGateway.Protocols.Modbus.Lines;

namespace EdgeGateway.Tests.Protocols.Modbus;

/// <summary>What is taken for an answer, and what is not, byte by byte.</summary>
public sealed class RtuReceiverTests
{
    private static readonly ModbusRequest TwoWords = ModbusRequest.Read(1, RegisterBank.Holding, 0, 2);
    private static readonly byte[] Good = Frame(1, 3, 4, 0x43, 0x66, 0x80, 0x00);

    private readonly LineWitness _witness = new(TimeProvider.System);
    private readonly List<string> _remarks = [];

    public RtuReceiverTests() => _witness.Add(f => _remarks.Add(f.Remark));

    [Fact]
    public void An_answer_in_one_piece_is_taken() => Assert.Equal(Good, Receive(TwoWords, Good));

    [Fact]
    public void An_answer_in_single_bytes_is_taken_with_its_last() =>
        Assert.Equal(Good, Receive(TwoWords, [.. Good.Select(b => new[] { b })]));

    public static TheoryData<string, byte[]> Before => new()
    {
        { "noise", [0xFF, 0x00, 0x55] },
        { "noise that looks like the beginning of a long answer", [1, 3, 250] },
        { "noise that looks like the beginning of a write", [7, 16, 0, 0, 0, 1, 200] },
        { "noise that is the beginning of ours", Good[..6] },
        { "a foreign unit's answer", Frame(7, 3, 4, 1, 2, 3, 4) },
        { "a foreign unit's exception", Frame(7, 0x83, 2) },
        { "another master's question to another", Frame(7, 3, 0, 0, 0, 2) },
        { "another master's write to another", Frame(7, 16, 0, 0, 0, 1, 2, 9, 9) },
        { "our own question, heard by the adapter", TwoWords.ToFrame() },
        { "an answer with another byte count", Frame(1, 3, 2, 9, 9) },
        { "an answer of another function", Frame(1, 4, 4, 9, 9, 9, 9) },
        { "an exception of another function", Frame(1, 0x84, 2) },
        { "an answer with a wrong check sum", [.. Good[..^1], (byte)(Good[^1] ^ 1)] },
        { "an answer of a function that nobody knows", Frame(1, 0x2B, 14, 1) },
    };

    [Theory]
    [MemberData(nameof(Before))]
    public void The_good_answer_behind_something_else_is_found(string what, byte[] bytes)
    {
        Assert.Equal(Good, Receive(TwoWords, [.. bytes, .. Good]));
        _remarks.Clear();
        Assert.Equal(Good, Receive(TwoWords, bytes, Good));
        Assert.True(_remarks.Count > 0, what);
    }

    [Theory]
    [MemberData(nameof(Before))]
    public void And_alone_it_is_no_answer(string what, byte[] bytes)
    {
        Assert.Null(Receive(TwoWords, bytes));
        Assert.Null(Receive(TwoWords, [.. bytes.Select(b => new[] { b })]));
        Assert.NotEmpty(what);
    }

    [Fact]
    public void An_exception_is_an_answer() => Assert.Equal(Frame(1, 0x83, 2), Receive(TwoWords, Frame(1, 0x83, 2)));

    [Fact]
    public void A_write_is_answered_by_its_echo_and_by_no_other()
    {
        var write = ModbusRequest.Write(1, RegisterBank.Holding, 100, [5, 6], multiple: false);
        Assert.Null(Receive(write, Frame(1, 16, 0, 101, 0, 2)));
        Assert.Null(Receive(write, Frame(1, 16, 0, 100, 0, 1)));
        Assert.NotNull(Receive(write, Frame(1, 16, 0, 100, 0, 2)));
        var one = ModbusRequest.Write(1, RegisterBank.Holding, 100, [5], multiple: false);
        Assert.Null(Receive(one, Frame(1, 6, 0, 100, 0, 6)));
        Assert.NotNull(Receive(one, Frame(1, 6, 0, 100, 0, 5)));
    }

    [Fact]
    public void What_was_never_answered_and_comes_now_is_counted_as_late()
    {
        var receiver = new RtuReceiver(_witness) { Unanswered = TwoWords };
        Feed(receiver, Good);
        Assert.Null(receiver.Take(ModbusRequest.Read(2, RegisterBank.Holding, 0, 2)));
        Assert.Equal((1, Good.Length), (_witness.LateAnswers, (int)_witness.StrayBytes));
        Assert.Equal("late", Assert.Single(_remarks));
        Assert.Null(receiver.Unanswered);
    }

    [Fact]
    public void Whatever_comes_the_buffer_has_room()
    {
        var receiver = new RtuReceiver(_witness);
        var random = new Random(20260302);
        for (var i = 0; i < 2_000; i++)
        {
            // Bytes that look like the beginnings of long frames above all.
            var bytes = new byte[random.Next(1, 64)];
            for (var b = 0; b < bytes.Length; b++)
                bytes[b] = (byte)(random.Next(3) switch { 0 => random.Next(256), 1 => 3, _ => 250 });
            Feed(receiver, bytes);
            receiver.Take(TwoWords);
            Assert.True(receiver.Room.Length >= 300, $"round {i}: {receiver.Room.Length} left");
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Seeded_rubbish_never_becomes_a_value_and_never_hides_one(int seed)
    {
        var random = new Random(seed);
        for (var round = 0; round < 3_000; round++)
        {
            var request = ModbusRequest.Read((byte)random.Next(1, 4), random.Next(2) == 0 ? RegisterBank.Holding : RegisterBank.Input, (ushort)random.Next(100), random.Next(1, 20));
            var answer = Answer(request, random);
            var stream = new List<byte>();
            for (var i = random.Next(4); i > 0; i--)
                stream.AddRange(Rubbish(random, request));
            stream.AddRange(answer);
            for (var i = random.Next(3); i > 0; i--)
                stream.AddRange(Rubbish(random, request));
            var pieces = new List<byte[]>();
            for (var at = 0; at < stream.Count;)
            {
                var length = Math.Min(random.Next(1, 40), stream.Count - at);
                pieces.Add([.. stream.GetRange(at, length)]);
                at += length;
            }
            var taken = Receive(request, [.. pieces]);
            Assert.True(taken is not null && taken.AsSpan().SequenceEqual(answer), $"seed {seed}, round {round}: {Convert.ToHexString([.. stream])}");
        }
    }

    private static byte[] Rubbish(Random random, ModbusRequest request)
    {
        switch (random.Next(5))
        {
            case 0:
                var noise = new byte[random.Next(1, 12)];
                random.NextBytes(noise);
                return noise;
            case 1:
                // Another unit answers the same question.
                var foreign = Answer(request, random);
                foreign[0] = (byte)(request.Unit + 10);
                CheckSum.Put(foreign);
                return foreign;
            case 2:
                // An answer like ours, spoilt in one bit.
                var spoilt = Answer(request, random);
                spoilt[random.Next(spoilt.Length)] ^= (byte)(1 << random.Next(8));
                return spoilt;
            case 3:
                return Answer(request, random)[..random.Next(1, 5)];
            default:
                // What was asked before, with another length.
                return Answer(ModbusRequest.Read(request.Unit, request.Bank, 0, request.Count + 1), random);
        }
    }

    private static byte[] Answer(ModbusRequest request, Random random)
    {
        var frame = new byte[request.AnswerLength];
        random.NextBytes(frame);
        (frame[0], frame[1], frame[2]) = (request.Unit, request.Function, (byte)(frame.Length - 5));
        CheckSum.Put(frame);
        return frame;
    }

    private static byte[] Frame(params byte[] bytes)
    {
        byte[] frame = [.. bytes, 0, 0];
        CheckSum.Put(frame);
        return frame;
    }

    private byte[]? Receive(ModbusRequest request, params byte[][] pieces)
    {
        var receiver = new RtuReceiver(_witness);
        receiver.Begin();
        byte[]? taken = null;
        foreach (var piece in pieces)
        {
            Feed(receiver, piece);
            taken ??= receiver.Take(request);
        }
        return taken;
    }

    private static void Feed(RtuReceiver receiver, byte[] bytes)
    {
        bytes.CopyTo(receiver.Room);
        receiver.Add(bytes.Length);
    }
}
