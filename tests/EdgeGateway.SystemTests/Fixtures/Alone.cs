namespace EdgeGateway.SystemTests.Fixtures;

/// <summary>For stories that hold the gateway to a time: nothing else runs beside them.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class Alone
{
    public const string Name = "alone";
}
