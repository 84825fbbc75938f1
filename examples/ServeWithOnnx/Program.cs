// Action recognition as a web service on ONNX Runtime: no libtorch among its files.
//
//   dotnet run -c Release --project examples/ServeWithOnnx -- --Model results/mofo.onnx [--urls http://localhost:5080] [--MaxMegabytes 50] ...
//
// The model comes from ConvertMofoToOnnx; examples/ActionRecognition writes one to results/mofo.onnx. Then open the address in a browser, or
//
//   curl -F video=@clip.mp4 http://localhost:5080/predict
using Mofo.ML.Transforms;
using ServeWithOnnx;

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
    builder.Services.AddSingleton(settings);
    builder.Services.AddSingleton(folder);
    builder.Services.AddSingleton<UploadPlaces>();
    builder.Services.AddSingleton<WorkQueue>();
    builder.Services.AddSingleton<Recognizer>();
    builder.Services.AddSingleton<Meters>();
    builder.Services.AddProblemDetails();

    await using var app = builder.Build();
    app.Use(SecurityHeaders.Add);
    app.UseExceptionHandler();
    app.UseStatusCodePages();
    Endpoints.Map(app);

    // Loads the model now: a service that cannot answer should not start.
    _ = app.Services.GetRequiredService<Recognizer>();
    await app.RunAsync();
    return 0;
}
catch (Exception mistake) when (mistake is ServiceSettingsException or IOException or UnauthorizedAccessException or InvalidDataException or MofoOptionsException)
{
    Console.Error.WriteLine(mistake.Message);
    return 2;
}
