using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using SQLitePCL;
using EdgeGateway.Site;

namespace EdgeGateway.Journal;

/// <summary>A prepared statement that is used again and again: values are bound in order, columns are read in order. A row costs a microsecond or
/// two, a fifth of what a command object takes; a turn writes hundreds.</summary>
internal sealed class Statement : IDisposable
{
    private const string ToldFormat = "yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'";
    private readonly sqlite3 _db;
    private readonly sqlite3_stmt _statement;
    private int _bound;
    private int _column;

    public Statement(sqlite3 db, string sql)
    {
        _db = db;
        Check(raw.sqlite3_prepare_v3(db, sql, raw.SQLITE_PREPARE_PERSISTENT, out _statement));
    }

    public Statement Bind(long value) => Bound(raw.sqlite3_bind_int64(_statement, ++_bound, value));

    public Statement Bind(long? value) => value is { } v ? Bind(v) : Bound(raw.sqlite3_bind_null(_statement, ++_bound));

    public Statement Bind(bool value) => Bind(value ? 1L : 0L);

    /// <summary>UTC milliseconds.</summary>
    public Statement Bind(DateTimeOffset value) => Bind(value.ToUnixTimeMilliseconds());

    public Statement Bind(DateTimeOffset? value) => Bind(value?.ToUnixTimeMilliseconds());

    /// <summary>Whole numbers as such, others as exact text.</summary>
    public Statement Bind(decimal? value) => value is not { } v
        ? Bind((long?)null)
        : Whole(v) is { } whole ? Bind(whole) : Bind(Exact(v));

    public Statement Bind(string? value)
    {
        if (value is null)
            return Bind((long?)null);
        if (value.Length == 0)
            return Bound(raw.sqlite3_bind_text(_statement, ++_bound, "")); // an empty span would bind NULL
        var most = Encoding.UTF8.GetMaxByteCount(value.Length);
        var rented = most > 512 ? ArrayPool<byte>.Shared.Rent(most) : null;
        var bytes = rented ?? stackalloc byte[512];
        var length = Encoding.UTF8.GetBytes(value, bytes);
        var result = raw.sqlite3_bind_text(_statement, ++_bound, bytes[..length]);
        if (rented is not null)
            ArrayPool<byte>.Shared.Return(rented);
        return Bound(result);
    }

    public Statement Bind(byte[]? value) => value is null
        ? Bind((long?)null)
        : Bound(value.Length == 0 ? raw.sqlite3_bind_zeroblob(_statement, ++_bound, 0) : raw.sqlite3_bind_blob(_statement, ++_bound, value));

    /// <summary>Runs a statement that gives no rows; returns how many rows it changed.</summary>
    public int Run()
    {
        try
        {
            var result = raw.sqlite3_step(_statement);
            if (result is not (raw.SQLITE_DONE or raw.SQLITE_ROW))
                Check(result);
            return raw.sqlite3_changes(_db);
        }
        finally
        {
            Reset();
        }
    }

    public List<T> All<T>(Func<Statement, T> map)
    {
        try
        {
            var rows = new List<T>();
            while (Step())
                rows.Add(map(this));
            return rows;
        }
        finally
        {
            Reset();
        }
    }

    /// <summary>All rows that can be read as what they are; each that cannot is told and left out, so that it harms nobody else.</summary>
    /// <param name="what">Its name for people: it stands in the first column.</param>
    public List<T> Sound<T>(string what, Func<Statement, T> map, Action<CorruptRecordException> damaged) => All(row =>
    {
        var key = raw.sqlite3_column_text(_statement, 0).utf8_to_string();
        try
        {
            return (true, map(row));
        }
        catch (Exception e) when (e is CorruptRecordException or JsonException or OverflowException or ArgumentException or FormatException)
        {
            damaged(new($"{what} {key}", e.Message));
            return (false, default(T)!);
        }
    }).FindAll(static row => row.Item1).ConvertAll(static row => row.Item2);

    /// <summary>The first row, or default.</summary>
    public T? First<T>(Func<Statement, T> map)
    {
        try
        {
            return Step() ? map(this) : default;
        }
        finally
        {
            Reset();
        }
    }

    /// <summary>The first column of the first row; null when there is none.</summary>
    public long? Scalar() => First(static s => s.LongOrNull());

    public bool IsNull => raw.sqlite3_column_type(_statement, _column) == raw.SQLITE_NULL;

    public long Long() => raw.sqlite3_column_int64(_statement, _column++);

    public int Int() => checked((int)Long());

    public bool Bool() => Long() != 0;

    public long? LongOrNull()
    {
        if (!IsNull)
            return Long();
        _column++;
        return null;
    }

    public DateTimeOffset Time() => DateTimeOffset.FromUnixTimeMilliseconds(Long());

    public DateTimeOffset? TimeOrNull() => LongOrNull() is { } ms ? DateTimeOffset.FromUnixTimeMilliseconds(ms) : null;

    public string Text() => Encoding.UTF8.GetString(raw.sqlite3_column_blob(_statement, _column++));

    public string? TextOrNull()
    {
        if (!IsNull)
            return Text();
        _column++;
        return null;
    }

    public byte[]? BlobOrNull()
    {
        if (!IsNull)
            return raw.sqlite3_column_blob(_statement, _column++).ToArray();
        _column++;
        return null;
    }

    public decimal? DecimalOrNull() => raw.sqlite3_column_type(_statement, _column) switch
    {
        raw.SQLITE_INTEGER => Long(),
        _ => TextOrNull() is { } text ? decimal.Parse(text, NumberStyles.Number, CultureInfo.InvariantCulture) : null,
    };

    /// <summary>An enumeration's word. A word that is none is damage, not news.</summary>
    public T Word<T>()
        where T : struct, Enum
    {
        var text = Text();
        return Enum.TryParse<T>(text, out var value) && Enum.IsDefined(value) ? value : throw new CorruptRecordException(typeof(T).Name, $"'{text}' is no value");
    }

    public void Dispose() => _statement.Dispose();

    /// <summary>A charger's own words about time, exact to .NET's last digit, so that a repeat is recognised after a restart too (I8).</summary>
    public static string? Told(DateTimeOffset? value) => value?.UtcDateTime.ToString(ToldFormat, CultureInfo.InvariantCulture);

    public DateTimeOffset? ToldOrNull()
    {
        if (TextOrNull() is not { } text)
            return null;
        return DateTimeOffset.TryParseExact(text, ToldFormat, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var told)
            ? told
            : throw new CorruptRecordException("time", "it is unreadable");
    }

    public static long? Whole(decimal value) => value == decimal.Truncate(value) && Math.Abs(value) < long.MaxValue ? (long)value : null;

    /// <summary>Without trailing zeros, which are no part of a value.</summary>
    public static string Exact(decimal value) => (value / 1.000000000000000000000000000000000m).ToString(CultureInfo.InvariantCulture);

    private bool Step()
    {
        _column = 0;
        var result = raw.sqlite3_step(_statement);
        if (result == raw.SQLITE_ROW)
            return true;
        if (result != raw.SQLITE_DONE)
            Check(result);
        return false;
    }

    private void Reset()
    {
        raw.sqlite3_reset(_statement);
        _bound = 0;
        _column = 0;
    }

    private Statement Bound(int result)
    {
        Check(result);
        return this;
    }

    private void Check(int result)
    {
        if (result == raw.SQLITE_OK)
            return;
        _bound = 0;
        SqliteException.ThrowExceptionForRC(result, _db);
    }
}
