using System.Collections.Immutable;

namespace EdgeGateway.Simulators.Charger;

/// <summary>What a charger truly did in one transaction; the judge believes this and nothing else.</summary>
public sealed record LedgerEntry
{
    public const string NoCard = "NoCard";

    public required string Charger { get; init; }
    public required int Connector { get; init; }

    /// <summary>Number of the transaction on its charger, from 1.</summary>
    public required int Number { get; init; }
    public required string IdTag { get; init; }
    public required long MeterStartWh { get; init; }

    /// <summary>The reservation that it used up.</summary>
    public int? ReservationId { get; init; }

    /// <summary>By the charger's clock, as told.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>Since when there was a driver's card as well as a car, which is when it begins to cost; null: from the start.</summary>
    public DateTimeOffset? AuthorizedAt { get; init; }

    /// <summary>False when the start or the end was told by a clock that had lost the time.</summary>
    public bool ClockWasRight { get; init; } = true;

    /// <summary>False: the charger tells no times, and the gateway's own stand in the bill (Modbus).</summary>
    public bool TimesAreTold { get; init; } = true;
    public long? MeterStopWh { get; init; }
    public DateTimeOffset? StoppedAt { get; init; }
    public string? Reason { get; init; }

    /// <summary>Wh that went into the car, whatever the register did meanwhile.</summary>
    public long DeliveredWh { get; init; }

    /// <summary>1.6: every transactionId that an answer ever gave; more than one different is a fault of the central system (I8).</summary>
    public ImmutableArray<int> TransactionIds { get; init; } = [];

    /// <summary>2.x: the id that the charger itself gave it.</summary>
    public string? OwnId { get; init; }

    /// <summary>What the central system said of the card when it answered; <see cref="NoCard"/> while none was shown.</summary>
    public string? Admitted { get; init; }

    /// <summary>Highest energy since the start in an answered MeterValues, in Wh (I10).</summary>
    public long AnsweredWh { get; init; }
    public bool StartAnswered { get; init; }
    public bool StopAnswered { get; init; }

    public int? TransactionId => TransactionIds.IsEmpty ? null : TransactionIds[0];

    public bool IsRunning => StoppedAt is null;
}

/// <summary>The ledger of one charger.</summary>
public sealed class ChargerLedger
{
    private readonly Lock _lock = new();
    private ImmutableSortedDictionary<int, LedgerEntry> _entries = ImmutableSortedDictionary<int, LedgerEntry>.Empty;

    public IReadOnlyList<LedgerEntry> Entries => [.. _entries.Values];

    public LedgerEntry this[int number] => _entries[number];

    internal LedgerEntry Open(Func<int, LedgerEntry> entry)
    {
        lock (_lock)
        {
            var opened = entry(_entries.Count + 1);
            _entries = _entries.Add(opened.Number, opened);
            return opened;
        }
    }

    internal void Change(int number, Func<LedgerEntry, LedgerEntry> change)
    {
        lock (_lock)
            _entries = _entries.SetItem(number, change(_entries[number]));
    }
}
