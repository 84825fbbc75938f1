using System.Reflection;
using Microsoft.ML;

namespace Mofo.ML.Tests.Shared;

/// <summary>MLContext.CancelExecution, which ML.NET keeps for its own packages (AutoML ends a trial with it).</summary>
internal static class ContextCancellation
{
    public static void CancelExecution(this MLContext context) =>
        typeof(MLContext).GetMethod("CancelExecution", BindingFlags.Instance | BindingFlags.NonPublic)!.Invoke(context, null);
}
