namespace TrainOnManyMachines.Planning;

/// <summary>What there is to compute with. Rates are those that a training reaches, not those of data sheets.</summary>
/// <param name="Name">For tables.</param>
/// <param name="GpusPerMachine">GPUs in one machine.</param>
/// <param name="CoresPerGpu">Processor cores that decode for one GPU.</param>
/// <param name="TeraflopsPerGpu">Sustained 10^12 operations a second in this training.</param>
/// <param name="InsideGigabytes">10^9 bytes a second that each GPU exchanges with the others of its machine.</param>
/// <param name="NetworkGigabytes">10^9 bytes a second between machines, each way, of one machine.</param>
/// <param name="DiskMegabytes">10^6 bytes a second that one machine reads.</param>
internal sealed record Cluster(
    string Name, int GpusPerMachine, double CoresPerGpu, double TeraflopsPerGpu, double InsideGigabytes, double NetworkGigabytes, double DiskMegabytes);
