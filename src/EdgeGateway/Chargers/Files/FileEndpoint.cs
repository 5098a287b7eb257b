using EdgeGateway.Chargers.Security;
using EdgeGateway.Site.Care;
using EdgeGateway.Site.Model;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Net.Http.Headers;

namespace EdgeGateway.Chargers.Files;

/// <summary>
/// What chargers meet at a one-time address: firmware to fetch, or a place to bring a log to, and nothing else. The address proves who may; it is
/// good for one station, one way and one whole transfer, which may take several tries.
/// </summary>
public sealed partial class FileEndpoint(Func<ChargersOptions> options, StationJobs jobs, FileStore store, Remarks remarks, TimeProvider clock, ILogger<FileEndpoint> log)
{
    /// <summary>A charger that sends nothing for so long has gone.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>What a form puts around the file.</summary>
    private const int FormRoom = 64 * 1024;

    private readonly Busy _busy = new();

    public async Task ServeAsync(HttpContext context)
    {
        var kept = FileAddress.TokenOf(context.Request.Path.Value ?? "") is { } token ? await jobs.AtAsync(token, context.RequestAborted) : null;
        if (kept is null)
        {
            await SayAsync(context, StatusCodes.Status404NotFound, "There is nothing here.");
            return;
        }
        // The address proves who may: what comes now takes as long as it takes.
        context.Features.Get<LineTransport>()?.Admitted();
        var isFetching = HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method);
        var isBringing = HttpMethods.IsPut(context.Request.Method) || HttpMethods.IsPost(context.Request.Method);
        if (!kept.IsOpenAt(clock.GetUtcNow()))
        {
            await SayAsync(context, StatusCodes.Status410Gone, "This address has served, or is too old.");
        }
        else if (kept.Job.Kind is JobKind.Firmware ? !isFetching : !isBringing)
        {
            context.Response.Headers.Allow = kept.Job.Kind is JobKind.Firmware ? "GET, HEAD" : "PUT, POST";
            await SayAsync(context, StatusCodes.Status405MethodNotAllowed, "Not this way.");
        }
        else if (kept.Job.Kind is JobKind.Firmware)
        {
            await SendAsync(context, kept);
        }
        else
        {
            await TakeAsync(context, kept);
        }
    }

    /// <summary>With ranges, for chargers go on where they were; used up when each byte has gone over it.</summary>
    private async Task SendAsync(HttpContext context, KeptJob kept)
    {
        if (store.FindFirmware(kept.File ?? "") is not { } info)
        {
            await SayAsync(context, StatusCodes.Status410Gone, "The file is gone.");
            return;
        }
        var (station, number) = (kept.Job.Station, kept.Job.Number);
        var fetched = _busy.FetchOf(kept.TokenHash!, info.Length);
        var file = new WatchedFile(info.FullName, fetched, bytes => jobs.Moved(station, number, bytes));
        var tag = new EntityTagHeaderValue($"\"{info.Length:x}-{info.LastWriteTimeUtc.Ticks:x}\"");
        try
        {
            if (HttpMethods.IsGet(context.Request.Method))
                await BeginAsync(context, kept, "fetching");
            await TypedResults.Stream(file, "application/octet-stream", info.Name, new DateTimeOffset(info.LastWriteTimeUtc), tag, enableRangeProcessing: true).ExecuteAsync(context);
            await context.Response.CompleteAsync();
        }
        catch (Exception e) when (e is OperationCanceledException or IOException)
        {
            // The charger hung up; it comes again and goes on.
        }
        if (!fetched.IsWhole || context.RequestAborted.IsCancellationRequested)
            return;
        _busy.Forget(kept.TokenHash!);
        await jobs.ChangeAsync(
            station, number, k => k with { IsClosed = true, Job = jobs.Step(k.Job, "fetched") with { Bytes = info.Length, State = k.Job.IsOver ? k.Job.State : JobState.Running } }, CancellationToken.None);
    }

    private async Task TakeAsync(HttpContext context, KeptJob kept)
    {
        var most = options().Files.MaxLogBytes;
        if (context.Request.Headers.ContentRange.Count > 0)
        {
            // RFC 9110, 14.5: a part taken for the whole would be a broken log.
            await SayAsync(context, StatusCodes.Status400BadRequest, "Send the whole file.");
            return;
        }
        if (context.Request.ContentLength > most + FormRoom)
        {
            await RefuseLargeAsync(context, kept);
            return;
        }
        if (_busy.TryEnter(kept.TokenHash!) is not { } entered)
        {
            await SayAsync(context, StatusCodes.Status409Conflict, "It is being brought already.");
            return;
        }
        using (entered)
        {
            if (_busy.Count > FilesOptions.UploadsAtOnce)
            {
                context.Response.Headers.RetryAfter = "30";
                await SayAsync(context, StatusCodes.Status503ServiceUnavailable, "Too many are being brought at once.");
            }
            else if (store.HasNoRoom(most))
            {
                remarks.Make(Severity.Error, "FilesFull", kept.Job.Station, "Its log was not taken: the disk is nearly full.");
                await SayAsync(context, StatusCodes.Status507InsufficientStorage, "No room.");
            }
            else
            {
                await TakeAsync(context, kept, most);
            }
        }
    }

    private async Task TakeAsync(HttpContext context, KeptJob kept, long most)
    {
        var (station, number, name) = (kept.Job.Station, kept.Job.Number, store.NewLog());
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
            limit.MaxRequestBodySize = most + FormRoom;
        await BeginAsync(context, kept, "bringing");
        using var idle = new CancellationTokenSource(Patience, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(idle.Token, context.RequestAborted);
        long? bytes;
        try
        {
            var content = await UploadedFile.OfAsync(context.Request, either.Token);
            bytes = content is null ? 0 : await store.KeepLogAsync(
                name, content,
                moved =>
                {
                    idle.CancelAfter(Patience);
                    jobs.Moved(station, number, moved);
                },
                either.Token);
        }
        catch (BadHttpRequestException tooLarge) when (tooLarge.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            bytes = null;
        }
        catch (Exception e) when (e is OperationCanceledException or IOException or InvalidDataException or BadHttpRequestException)
        {
            // Cut off, or no form that can be read: the charger may try again.
            LogCutOff(station, number, e.Message);
            jobs.Moved(station, number, 0);
            if (!context.RequestAborted.IsCancellationRequested)
                await SayAsync(context, e is OperationCanceledException ? StatusCodes.Status408RequestTimeout : StatusCodes.Status400BadRequest, "It did not come whole.");
            return;
        }
        if (bytes is null)
        {
            await RefuseLargeAsync(context, kept);
            return;
        }
        if (bytes == 0)
        {
            await SayAsync(context, StatusCodes.Status400BadRequest, "There was nothing in it.");
            return;
        }
        await jobs.ChangeAsync(
            station, number,
            k => k with { File = name, IsClosed = true, Job = jobs.Step(k.Job, "brought") with { State = JobState.Done, Bytes = bytes.Value, OfBytes = bytes, HasFile = true } }, CancellationToken.None);
        store.TrimLogs([.. jobs.All.Where(k => k.Job.HasFile && k.Job.Station.Equals(station, StringComparison.OrdinalIgnoreCase)).Select(k => k.File!)]);
        remarks.Make(Severity.Info, "LogReceived", station, $"{kept.Job.Kind} of {bytes} bytes, job {number}");
        // Some take nothing but 200 for yes.
        await SayAsync(context, StatusCodes.Status200OK, "Thank you.");
    }

    /// <summary>The first byte: told in the job, with a word of warning where it is not the charger's own address that comes.</summary>
    private async Task BeginAsync(HttpContext context, KeptJob kept, string step)
    {
        if (kept.Job.Steps.LastOrDefault()?.Said == step)
            return;
        await jobs.ChangeAsync(
            kept.Job.Station, kept.Job.Number, k => k with { Job = jobs.Step(k.Job, step) with { State = k.Job.State is JobState.Asked ? JobState.Running : k.Job.State } }, context.RequestAborted);
    }

    private async Task RefuseLargeAsync(HttpContext context, KeptJob kept)
    {
        var text = $"Its log was not taken: it is larger than {options().Files.MaxLogMb} MB (Gateway:Ocpp:Files:MaxLogMb).";
        remarks.Make(Severity.Warning, "LogTooLarge", kept.Job.Station, text);
        jobs.Moved(kept.Job.Station, kept.Job.Number, 0);
        await jobs.ChangeAsync(kept.Job.Station, kept.Job.Number, k => k with { Job = jobs.Step(k.Job, "too large") }, context.RequestAborted);
        context.Response.Headers.Connection = "close";
        await SayAsync(context, StatusCodes.Status413PayloadTooLarge, "Too large.");
    }

    private static Task SayAsync(HttpContext context, int status, string text)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/plain; charset=utf-8";
        return HttpMethods.IsHead(context.Request.Method) ? Task.CompletedTask : context.Response.WriteAsync(text + "\n", context.RequestAborted);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "What {Station} was bringing (job {Job}) did not come whole: {Why}")]
    private partial void LogCutOff(string station, int job, string why);
}
