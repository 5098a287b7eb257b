using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using SQLitePCL;

namespace EdgeGateway.Journal;

/// <summary>Binds SQLite to the operating system's library, which the distribution patches.</summary>
internal static class SystemSqlite
{
    /// <summary>STRICT tables came with 3.37.</summary>
    private const int OldestVersion = 3_037_000;

    private static string? _why;

    /// <summary>Said when the store is opened, not at the first line of a verb that needs none.</summary>
    /// <exception cref="StorageException">The library is missing or too old.</exception>
    public static void Require()
    {
        if (_why is not null)
            throw new StorageException(_why);
    }

#pragma warning disable CA2255 // This is the program, and no connection may be opened before this has run.
    [ModuleInitializer]
    internal static void Bind()
#pragma warning restore CA2255
    {
        NativeLibrary.SetDllImportResolver(
            typeof(SQLite3Provider_e_sqlite3).Assembly,
            static (name, _, _) => string.Equals(name, "e_sqlite3", StringComparison.Ordinal) ? NativeLibrary.Load("libsqlite3.so.0") : IntPtr.Zero);
        try
        {
            raw.SetProvider(new SQLite3Provider_e_sqlite3());
            raw.FreezeProvider();
            if (raw.sqlite3_libversion_number() < OldestVersion)
                _why = $"SQLite {raw.sqlite3_libversion().utf8_to_string()} is too old: 3.37 or newer is needed.";
        }
        catch (Exception e) when (e is DllNotFoundException or EntryPointNotFoundException)
        {
            _why = "SQLite is missing: install libsqlite3-0.";
        }
    }
}
