using Mofo.ML.Transforms;
using Scalar.AspNetCore;

namespace ServeWithOnnx;

/// <summary>The service, for this program and for others that host it.</summary>
public static class Service
{
    /// <summary>Runs until it is stopped.</summary>
    /// <param name="args">Settings as ASP.NET Core reads them from the command line: <c>--Model FILE.onnx --urls http://localhost:5080</c>; README.md lists them.</param>
    /// <param name="stop">Stops it, as Ctrl+C does.</param>
    /// <returns>The exit code: 0, or 2 for settings or a model that cannot be used; the reason is on standard error.</returns>
    public static async Task<int> RunAsync(string[] args, CancellationToken stop = default)
    {
        try
        {
            var builder = WebApplication.CreateBuilder(args);
            var settings = ServiceSettings.Read(builder.Configuration);
            using var folder = UploadFolder.Open(settings.UploadFolder);
            builder.WebHost.ConfigureKestrel(server =>
            {
                server.AddServerHeader = false;
                server.Limits.MaxRequestBodySize = settings.MaxBytes;
                server.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);
            });
            Add(builder.Services, settings, folder);

            await using var app = builder.Build();
            app.Use(SecurityHeaders.Add);
            app.UseExceptionHandler();
            app.UseStatusCodePages();
            Endpoints.Map(app);
            app.MapOpenApi("/openapi.json");
            app.MapScalarApiReference("/api", page => page.WithTitle("Action recognition").WithOpenApiRoutePattern("/openapi.json").DisableDefaultFonts().DisableTelemetry().DisableAgent().HideDeveloperTools().HideClientButton());

            // Loads the model now: a service that cannot answer should not start.
            _ = app.Services.GetRequiredService<Familiarity>();
            await app.RunAsync(stop);
            return 0;
        }
        catch (Exception mistake) when (mistake is ServiceSettingsException or IOException or UnauthorizedAccessException or InvalidDataException or FormatException or VideoException or MofoOptionsException)
        {
            await Console.Error.WriteLineAsync(mistake.Message);
            return 2;
        }
    }

    private static void Add(IServiceCollection services, ServiceSettings settings, UploadFolder folder)
    {
        services.AddSingleton(settings);
        services.AddSingleton(folder);
        services.AddSingleton<UploadPlaces>();
        services.AddSingleton<WorkQueue>();
        services.AddSingleton<WorkProgress>();
        services.AddSingleton<Recognizer>();
        services.AddSingleton<Familiarity>();
        services.AddSingleton<SampleClips>();
        services.AddSingleton<Meters>();
        services.AddProblemDetails();
        services.AddOpenApi(ApiDescription.Describe);
    }
}
