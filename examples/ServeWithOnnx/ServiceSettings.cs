using Mofo.ML.Transforms;

namespace ServeWithOnnx;

/// <summary>A setting that cannot be used.</summary>
internal sealed class ServiceSettingsException(string message) : Exception(message);

/// <summary>What the service runs with, from the command line, the environment or appsettings.json, as ASP.NET reads them.</summary>
internal sealed class ServiceSettings
{
    /// <summary>The exported model.</summary>
    public string Model { get; init; } = "";

    /// <summary>Largest upload, in MiB. In [1, 4096].</summary>
    public int MaxMegabytes { get; init; } = 50;

    /// <summary>Longest video, in frames. In [1, 1000000].</summary>
    public int MaxFrames { get; init; } = 3_000;

    /// <summary>Largest frame, in pixels. In [1, 100000000].</summary>
    public int MaxPixels { get; init; } = 4096 * 2304;

    /// <summary>Longest time for processing one video, in seconds. In [1, 3600].</summary>
    public int TimeoutSeconds { get; init; } = 60;

    /// <summary>Longest time for receiving one video, in seconds. In [1, 3600].</summary>
    public int UploadSeconds { get; init; } = 60;

    /// <summary>Videos that are processed at the same time. 0: one for every two processors. In [0, 256].</summary>
    public int Concurrency { get; init; }

    /// <summary>Videos that may wait; further ones get status 429. In [0, 10000].</summary>
    public int Queue { get; init; } = 16;

    /// <summary>Uploads that are received at the same time; if one more comes, the slowest is cancelled. In [1, 10000].</summary>
    public int Uploads { get; init; } = 64;

    /// <summary>Folder in which the service makes one of its own for uploads; null for the system's folder for temporary files.</summary>
    public string? UploadFolder { get; init; }

    /// <summary>Folder with clips that the page offers; null for the folder <c>samples</c> beside the model or, where there is none, two rendered clips.</summary>
    public string? Samples { get; init; }

    /// <summary>List of clips like those of the training, but not used in it; the limit below which a clip counts as unfamiliar is estimated from them. Null: the limit lies at 0.35 of the way from chance to 1.</summary>
    public string? Reference { get; init; }

    public long MaxBytes => (long)MaxMegabytes << 20;

    /// <summary>The same limits for the library, which holds to them before and while it decodes.</summary>
    public VideoLimits VideoLimits => new() { MaxBytes = MaxBytes, MaxFrames = MaxFrames, MaxPixels = MaxPixels, MaxWaitSeconds = TimeoutSeconds };

    public int ConcurrencyInForce => Concurrency > 0 ? Concurrency : Math.Max(1, Environment.ProcessorCount / 2);

    /// <exception cref="ServiceSettingsException">Names the setting, its value and the allowed range.</exception>
    public static ServiceSettings Read(IConfiguration configuration)
    {
        ServiceSettings settings;
        try
        {
            settings = configuration.Get<ServiceSettings>() ?? new ServiceSettings();
        }
        catch (InvalidOperationException mistake)
        {
            throw new ServiceSettingsException(mistake.Message);
        }

        if (settings.Model.Length == 0)
        {
            throw new ServiceSettingsException(
                "There is no model. Give one with --Model FILE.onnx; ConvertMofoToOnnx writes such a file, and examples/ActionRecognition leaves one in results/mofo.onnx.");
        }

        Check(nameof(MaxMegabytes), settings.MaxMegabytes, 1, 4096);
        Check(nameof(MaxFrames), settings.MaxFrames, 1, 1_000_000);
        Check(nameof(MaxPixels), settings.MaxPixels, 1, 100_000_000);
        Check(nameof(TimeoutSeconds), settings.TimeoutSeconds, 1, 3600);
        Check(nameof(UploadSeconds), settings.UploadSeconds, 1, 3600);
        Check(nameof(Concurrency), settings.Concurrency, 0, 256);
        Check(nameof(Queue), settings.Queue, 0, 10_000);
        Check(nameof(Uploads), settings.Uploads, 1, 10_000);
        return settings;
    }

    private static void Check(string name, int value, int lowest, int highest)
    {
        if (value < lowest || value > highest)
        {
            throw new ServiceSettingsException($"{name} is {value}; it must be in [{lowest}, {highest}].");
        }
    }
}
