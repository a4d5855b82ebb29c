using System.Text.Json;
using Microsoft.AspNetCore.Connections;
using Rivet.Live.Configuration;
using Rivet.Live.Core.Encoding;
using Rivet.Live.Core.Isolation;
using Rivet.Live.Hosting;

// The way of a start: arguments, settings, server, ready line, run. Every way out is an ExitCode.
CommandLine commandLine = CommandLine.Parse(args);
switch (commandLine.Verb)
{
    case LiveVerb.Help:
        Console.WriteLine(CommandLine.Usage);
        return (int)ExitCode.Done;
    case LiveVerb.LadderChild:
        LadderChild.Run();
        return (int)ExitCode.Done;
}

LiveConfiguration Load() => LiveConfiguration.Load(commandLine, Path.Combine(AppContext.BaseDirectory, "appsettings.json"));
LiveConfiguration configuration = Load();
if (!configuration.Reading.TryGetSettings(out LiveSettings? settings))
{
    foreach (SettingMistake mistake in configuration.Reading.Mistakes)
    {
        await Console.Error.WriteLineAsync(mistake.ToString());
    }

    if (commandLine is { Verb: LiveVerb.Validate, Json: true })
    {
        Console.WriteLine(JsonSerializer.Serialize(new ValidationReport(false, configuration.Reading.Mistakes), ReportJson.Readable.ValidationReport));
    }

    return (int)ExitCode.Misconfigured;
}

try
{
    switch (commandLine.Verb)
    {
        case LiveVerb.Validate:
            Console.WriteLine(commandLine.Json ? JsonSerializer.Serialize(new ValidationReport(true, []), ReportJson.Readable.ValidationReport) : "Configuration is valid.");
            return (int)ExitCode.Done;
        case LiveVerb.Doctor:
            DoctorReport report = Doctor.Examine(settings);
            if (commandLine.Json)
            {
                Console.WriteLine(JsonSerializer.Serialize(report, ReportJson.Readable.DoctorReport));
            }
            else
            {
                report.Write(Console.Out);
            }

            return (int)(report.CanRun ? ExitCode.Done : ExitCode.Failed);
    }

    Codecs.PrepareProcess();
    await using WebApplication app = LiveServer.Build(settings, configuration.Root, () => Load().Reading);
    await app.StartAsync();
    Console.WriteLine($"Rivet.Live ready on {string.Join(' ', LiveServer.BoundAddresses(app))}");
    await app.WaitForShutdownAsync();
    return (int)ExitCode.Done;
}
catch (StartRefusedException refused)
{
    await Console.Error.WriteLineAsync(refused.Message);
    return (int)refused.ExitCode;
}
catch (IOException taken) when (taken.InnerException is AddressInUseException)
{
    await Console.Error.WriteLineAsync($"{taken.Message.TrimEnd('.')}. Stop the program that listens there, or choose another port: --urls http://127.0.0.1:8081");
    return (int)ExitCode.Failed;
}
catch (Exception failure)
{
    // The last stop: the contract promises exit code 1 for everything else, where the runtime would abort with 134.
    await Console.Error.WriteLineAsync($"Rivet.Live ends on an unexpected failure: {failure}");
    return (int)ExitCode.Failed;
}
