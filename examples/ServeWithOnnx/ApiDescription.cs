using Microsoft.AspNetCore.OpenApi;

namespace ServeWithOnnx;

/// <summary>What the OpenAPI document says of the service as a whole.</summary>
internal static class ApiDescription
{
    public static void Describe(OpenApiOptions options) => options.AddDocumentTransformer((document, _, _) =>
    {
        document.Info.Title = "Action recognition";
        document.Info.Version = "1";
        document.Info.Description = "Send a video, get the action, its motion boxes and the motion over time. Errors are application/problem+json; `detail` says what to change.";
        return Task.CompletedTask;
    });
}
