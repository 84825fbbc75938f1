namespace Mofo.ML.EndToEnd.Tests.Packaging;

/// <summary>Tests that share one packing, and run one after another: each starts compilers of its own.</summary>
[CollectionDefinition(nameof(LocalFeed))]
public sealed class PackageTests : ICollectionFixture<LocalFeed>;
