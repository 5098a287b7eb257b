using System.CommandLine;
using EdgeGateway.Cli;

var root = new RootCommand("EdgeGateway: charging stations on site, buffered, towards roaming hubs")
{
    Verb.Config,
    RunVerb.Create(),
    DemoVerb.Create(),
    RehearseVerb.Create(),
    CheckVerb.Create(),
    StatusVerb.Create(),
    StationVerbs.Create(),
    DocsVerb.Create(),
    MeterVerbs.Create(),
    SessionVerbs.Sessions(),
    SessionVerbs.Cdrs(),
    OutboxVerbs.Create(),
    HubVerbs.Create(),
    CertVerbs.Create(),
    StorageVerbs.BackUp(),
    StorageVerbs.Restore(),
};
root.Runs(RunVerb.RunAsync);
return await Verb.RunAsync(root, args);
