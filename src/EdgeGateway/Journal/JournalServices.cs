namespace EdgeGateway.Journal;

public static class JournalServices
{
    /// <summary>Offers an open store's doors. Whoever opened it closes it, after everything that uses it has ended.</summary>
    public static IServiceCollection AddJournal(this IServiceCollection services, Store store) => services
        .AddSingleton(store)
        .AddSingleton(store.Journal)
        .AddSingleton(store.Outbox)
        .AddSingleton(store.History)
        .AddSingleton(store.Tokens)
        .AddSingleton(store.Documents)
        .AddSingleton(store.Meters)
        .AddSingleton(store.Frames);
}
