using System.Globalization;
using EdgeGateway.Protocols.Ocpp.V21;

namespace EdgeGateway.Chargers.Dialects;

/// <summary>
/// A variable of the device model in one line, as people write it: <c>Component.Variable</c>, with what tells several apart where there are several:
/// <c>Component(instance)@evse/connector.Variable(instance)</c>.
/// </summary>
public sealed record V21SettingName(Component Component, Variable Variable)
{
    /// <summary>Of a component, a variable, and each of their instances (2.0.1 part 2, 2.20 and 2.48).</summary>
    public const int MaxChars = 50;

    /// <returns>Null when it names no variable of 2.x.</returns>
    public static V21SettingName? Read(string text)
    {
        var rest = text.AsSpan().Trim();
        if (!TakeName(ref rest, "(@.", out var component) || !TakeInstance(ref rest, out var componentInstance) || !TakeEvse(ref rest, out var evse))
            return null;
        if (rest is not ['.', .. var variablePart] || !TakeName(ref variablePart, "(", out var variable) || !TakeInstance(ref variablePart, out var variableInstance))
            return null;
        return variablePart.IsEmpty
            ? new(new() { Name = component, Instance = componentInstance, Evse = evse }, new() { Name = variable, Instance = variableInstance })
            : null;
    }

    /// <summary>As <see cref="Read"/> takes it.</summary>
    public static string Of(Component component, Variable variable)
    {
        var evse = component.Evse is not { } at ? "" : at.ConnectorId is { } connector ? $"@{Number(at.Id)}/{Number(connector)}" : $"@{Number(at.Id)}";
        return $"{component.Name}{InBrackets(component.Instance)}{evse}.{variable.Name}{InBrackets(variable.Instance)}";
    }

    public override string ToString() => Of(Component, Variable);

    private static bool TakeName(ref ReadOnlySpan<char> rest, string ends, out string name)
    {
        var end = rest.IndexOfAny(ends);
        name = (end < 0 ? rest : rest[..end]).Trim().ToString();
        rest = end < 0 ? [] : rest[end..];
        return name.Length is > 0 and <= MaxChars;
    }

    private static bool TakeInstance(ref ReadOnlySpan<char> rest, out string? instance)
    {
        instance = null;
        if (rest is not ['(', ..])
            return true;
        var end = rest.IndexOf(')');
        if (end < 0)
            return false;
        instance = rest[1..end].Trim().ToString();
        rest = rest[(end + 1)..];
        return instance.Length is > 0 and <= MaxChars;
    }

    private static bool TakeEvse(ref ReadOnlySpan<char> rest, out EVSE? evse)
    {
        evse = null;
        if (rest is not ['@', ..])
            return true;
        var end = rest.IndexOf('.');
        if (end < 0)
            return false;
        var place = rest[1..end];
        rest = rest[end..];
        var slash = place.IndexOf('/');
        if (!TryNumber(slash < 0 ? place : place[..slash], out var id))
            return false;
        if (slash < 0)
        {
            evse = new() { Id = id };
            return true;
        }
        var isRead = TryNumber(place[(slash + 1)..], out var connector);
        evse = new() { Id = id, ConnectorId = connector };
        return isRead;
    }

    private static bool TryNumber(ReadOnlySpan<char> text, out int number) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static string InBrackets(string? instance) => instance is null ? "" : $"({instance})";
}
