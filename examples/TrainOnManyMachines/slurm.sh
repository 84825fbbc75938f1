#!/usr/bin/env bash
#SBATCH --job-name=mofo
#SBATCH --nodes=2
#SBATCH --ntasks-per-node=8          # one process for each GPU
#SBATCH --gpus-per-node=8
#SBATCH --cpus-per-task=12           # they decode for this GPU
#SBATCH --time=24:00:00
#SBATCH --signal=TERM@120            # two minutes for a last checkpoint
#SBATCH --requeue
#
# sbatch slurm.sh DATA CHECKPOINTS        DATA and CHECKPOINTS on a disk that all nodes share
#
# Run under Slurm 22.05 with two nodes on one machine, without GPUs, with PROGRAM="dotnet TrainOnManyMachines.dll --exchange 1". NOT TESTED: GPUs, several machines, --requeue and
# --signal. The program was also run under mpirun.mpich on several "hosts" (hosts-in-namespaces.sh), and restarted from checkpoints.
set -euo pipefail
data=$1 checkpoints=$2
program=${PROGRAM:-"dotnet TrainOnManyMachines.dll"}

# Each process must find an MPI with MPICH's binary interface: MPICH, Intel MPI, MVAPICH2 or Cray MPICH. Name its file where it is not in the search path:
# export MOFO_MPI_LIBRARY=/opt/cray/pe/lib64/libmpi_cray.so.12
export OMP_WAIT_POLICY=PASSIVE

# pmi2 or pmix, as the MPI was built for (srun --mpi=list). Without it srun starts programs that do not know of one another; Mofo.ML then says so and stops.
# A job that is stopped or loses a node goes on from its last checkpoint when Slurm starts it again, with as many nodes as it then has.
# shellcheck disable=SC2086 # the program is a command with arguments
exec srun --mpi=pmi2 --kill-on-bad-exit=1 --cpu-bind=cores $program --data "$data" --checkpoints "$checkpoints" --network base --epochs 800 --batch 1024 --gpu
