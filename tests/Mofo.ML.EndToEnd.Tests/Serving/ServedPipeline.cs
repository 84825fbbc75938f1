using Mofo.ML.EndToEnd.Tests.Pipelines;

namespace Mofo.ML.EndToEnd.Tests.Serving;

/// <summary>The tests of the service share one trained pipeline.</summary>
[CollectionDefinition(nameof(ServedPipeline))]
public sealed class ServedPipeline : ICollectionFixture<TrainedPipeline>;
