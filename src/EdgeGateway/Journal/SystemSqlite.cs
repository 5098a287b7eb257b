using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using SQLitePCL;

namespace EdgeGateway.Journal;

/// <summary>Binds SQLite to the operating system's library, which the distribution patches.</summary>
internal static class SystemSqlite
{
#pragma warning disable CA2255 // This is the program, and no connection may be opened before this has run.
    [ModuleInitializer]
    internal static void Bind()
#pragma warning restore CA2255
    {
        NativeLibrary.SetDllImportResolver(
            typeof(SQLite3Provider_e_sqlite3).Assembly,
            static (name, _, _) => string.Equals(name, "e_sqlite3", StringComparison.Ordinal) ? NativeLibrary.Load("libsqlite3.so.0") : IntPtr.Zero);
        raw.SetProvider(new SQLite3Provider_e_sqlite3());
        raw.FreezeProvider();
    }
}
