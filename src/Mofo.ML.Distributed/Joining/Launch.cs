using Mofo.ML.Distributed.NativeLibraries;

namespace Mofo.ML.Distributed.Joining;

/// <summary>Whether a launcher of MPI programs started this process, by what it leaves in the environment.</summary>
internal static class Launch
{
    /// <summary>Variables of the process management interfaces that MPICH and its relatives are started through: Hydra, Slurm's pmi2, PMIx.</summary>
    private static readonly string[] Marks = ["PMI_RANK", "PMI_FD", "PMIX_RANK"];

    /// <summary>Whether there are other processes to join.</summary>
    /// <param name="variable">Reads the environment.</param>
    /// <exception cref="DllNotFoundException">Open MPI started the program.</exception>
    /// <exception cref="InvalidOperationException">Slurm started several processes without connecting them through PMI.</exception>
    public static bool IsMpi(Func<string, string?> variable)
    {
        // Open MPI brings PMIx with it, so its variable is checked first.
        if (variable("OMPI_COMM_WORLD_SIZE") is not null)
        {
            throw MpiLibrary.OpenMpi("Open MPI's mpirun started this program (there is OMPI_COMM_WORLD_SIZE in its environment)");
        }

        if (Array.Exists(Marks, mark => variable(mark) is not null))
        {
            return true;
        }

        return variable("SLURM_STEP_NUM_TASKS") is { } tasks && tasks != "1"
            ? throw new InvalidOperationException(
                $"srun started {tasks} processes without telling them of one another, so each would train alone. Add --mpi=pmi2 (or pmix, as your MPI needs) to srun.")
            : false;
    }
}
