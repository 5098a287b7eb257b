namespace EdgeGateway.Protocols.Modbus.Templates.Files;

/// <summary>What most values of a device have alike, said once for a file.</summary>
internal sealed record Defaults(RegisterBank? Bank, RegisterType? Type, WordOrder? Order)
{
    public static Defaults Of(TemplateSection? section)
    {
        var defaults = new Defaults(section?.Choice("function", Words.Reading), section?.Choice("type", Words.Types), section?.Choice("order", Words.Orders));
        section?.Close();
        return defaults;
    }
}

/// <summary>Where something is read, and as what.</summary>
internal sealed record Place(RegisterBank Bank, ushort Address, RegisterType Type, int Count, WordOrder Order)
{
    private const int AddressSpace = 65_536;

    public static Place? Read(TemplateSection value, Defaults defaults)
    {
        var bank = value.Choice("function", Words.Reading, needed: defaults.Bank is null) ?? defaults.Bank;
        var bits = bank is RegisterBank.Coil or RegisterBank.Discrete;
        var type = value.Choice("type", Words.Types, needed: defaults.Type is null && !bits) ?? (bits && !value.Has("type") ? RegisterType.Bit : defaults.Type);
        var address = value.Whole("address", 0, AddressSpace - 1, needed: true);
        var order = value.Choice("order", Words.Orders) ?? defaults.Order;
        var words = value.Whole("words", 1, TemplateFile.TextWordLimit, needed: type == RegisterType.Text);
        if (type is null || bank is null || address is null)
            return null;
        if (bits != (type == RegisterType.Bit))
            value.Fault("type", "functions 1 and 2 read a bit, functions 3 and 4 all else");
        if (type != RegisterType.Text && words is not null)
            value.Fault("words", "only a text says how many words it has");
        var count = Words.CountOf(type.Value) ?? (int?)words ?? 1;
        if (address + count > AddressSpace)
            value.Fault("address", $"{count} words from {address} on end behind the last address, {AddressSpace - 1}");
        if (order is null && type != RegisterType.Text && count > 1)
            value.Fault("order", $"{count} words need an order: ABCD (high word first) or CDAB (low word first)");
        return new(bank.Value, (ushort)address, type.Value, count, order ?? WordOrder.HighWordFirst);
    }
}
