#!/usr/bin/env bash
# All GPU figures of this project on a machine that has a card and Python's PyTorch, but neither .NET nor a network.
#
#   benchmarks/gpu.sh pack [FOLDER]           here: builds what such a machine needs into FOLDER (default .gpu), one packed file
#   benchmarks/gpu.sh run [FOLDER]            there: unpacks it, runs the tables, HuggingFace's VideoMAE beside them, and the tests; Markdown on stdout
#   benchmarks/gpu.sh run FOLDER --small      the same in small on a CPU, to try the script; needs libtorch beside the program: pack with KEEP_TORCH=1
#
# PARTS="pretraining scoring" runs these tables alone; TESTS=0 leaves the tests out.
set -uo pipefail
cd "$(dirname "$0")/.."
command="${1:-}"
folder="${2:-.gpu}"
archive="$folder/mofo-gpu.tar.xz"
runtime=linux-x64

pack() {
  set -e
  work="$(mktemp -d)"
  trap 'rm -rf "$work"' EXIT
  for project in benchmarks/Mofo.ML.Benchmarks tests/Mofo.ML.Trainers.Tests tests/Mofo.ML.EndToEnd.Tests; do
    dotnet publish "$project" -c Release -r "$runtime" --self-contained -p:RunAnalyzers=false -p:PublishDir="$work/app/" --nologo -v quiet
  done

  # Python's libtorch takes the place of ours; what only debuggers and other systems need stays here.
  rm -rf "$work"/app/runtimes
  find "$work/app" \( -name '*.pdb' -o -name '*.xml' -o -name 'libonnxruntime*' -o -name 'createdump' -o -name 'libmscordbi.so' -o -name 'libmscordaccore.so' \) -delete
  if [ "${KEEP_TORCH:-0}" = 0 ]; then
    find "$work/app" \( -name 'libtorch*.so*' -o -name 'libc10*.so*' -o -name 'libgomp*' -o -name 'libcaffe2*' -o -name 'libshm*' -o -name 'libfbgemm*' \) -delete
  fi

  videos="${MOFO_VIDEOS:-../shared/videos/dev}/fight_surv"
  if [ -d "$videos" ]; then mkdir -p "$work/videos" && cp -r "$videos" "$work/videos/"; fi
  golden="${MOFO_GOLDEN:-../shared/golden/dev}"
  for part in pretrain finetune optim checkpoints; do
    if [ -d "$golden/$part" ]; then mkdir -p "$work/golden" && cp -r "$golden/$part" "$work/golden/"; fi
  done
  [ -f "$golden/measured_float32_gap.json" ] && cp "$golden/measured_float32_gap.json" "$work/golden/"

  mkdir -p "$folder"
  tar -C "$work" -cf - . | xz -T0 -"${XZ_LEVEL:-6}" > "$archive.part"
  mv "$archive.part" "$archive"
  ls -l "$archive"
}

run() {
  small="${1:-}"
  here="$(pwd)"
  work="$(mktemp -d)"
  trap 'rm -rf "$work"' EXIT
  started=$(date +%s)
  python3 -c "import sys, tarfile; tarfile.open(sys.argv[1], 'r:xz').extractall(sys.argv[2], filter='data')" "$archive" "$work" || exit 1
  chmod +x "$work/app/Mofo.ML.Benchmarks" "$work/app/Mofo.ML.Trainers.Tests"
  export MOFO_VIDEOS="$work/videos" MOFO_GOLDEN="$work/golden" DOTNET_TieredPGO=1 DOTNET_gcServer=0
  size=small
  if [ "$small" != "--small" ]; then
    size=full
    libraries="$(python3 -c 'import os, torch; print(os.path.join(os.path.dirname(torch.__file__), "lib"))')"
    export LD_LIBRARY_PATH="$libraries${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}" MOFO_BENCH_DEVICE=cuda MOFO_TEST_DEVICE=cuda
    echo "## GPU: $(nvidia-smi --query-gpu=name,driver_version,memory.total --format=csv,noheader | head -1), $(nproc) cores, $(python3 -c 'import torch; print("PyTorch", torch.__version__)')"
    if ! "$work/app/Mofo.ML.Benchmarks" gpu-check; then
      # torch's CUDA half registers itself when it is loaded; where nothing asks for it, it is asked for here.
      export MOFO_PRELOAD="$libraries/libtorch_cuda.so"
      LD_PRELOAD="$MOFO_PRELOAD" "$work/app/Mofo.ML.Benchmarks" gpu-check || { echo "torch sees no GPU"; exit 1; }
    fi
  fi

  echo "unpacked and checked after $(($(date +%s) - started)) s" >&2
  # Parts in order of importance, each bounded: a part that hangs must not cost the others.
  ours=(env ${MOFO_PRELOAD:+LD_PRELOAD="$MOFO_PRELOAD"} timeout 170 "$work/app/Mofo.ML.Benchmarks" gpu)
  [ "$size" = small ] && ours+=(small)
  # shellcheck disable=SC2086
  "${ours[@]}" ${PARTS:-pretraining scoring finetuning card}
  echo
  echo "| | batch | type | ms | least - most | clips/s | card memory |"
  echo "|---|---|---|---|---|---|---|"
  timeout 75 python3 benchmarks/huggingface_videomae.py ${small:+--small} 2>"$work/huggingface.log" || { echo "HuggingFace failed:"; tail -5 "$work/huggingface.log"; }
  echo "figures beside HuggingFace's after $(($(date +%s) - started)) s" >&2
  if [ -z "${PARTS:-}" ]; then
    "${ours[@]}" fusion files flow agreement
  fi

  if [ "${TESTS:-1}" = 1 ]; then
    echo
    echo "### Tests on the device"
    echo
    cd "$work/app" || exit 1
    env ${MOFO_PRELOAD:+LD_PRELOAD="$MOFO_PRELOAD"} timeout 60 ./Mofo.ML.Trainers.Tests --no-progress --filter-class '*ConformanceTests' --filter-class '*ByteClipTests' --filter-class '*CardClipTests' \
      --filter-class '*AdamWTests' --filter-class '*TvL1TensorFlowTests' --filter-class '*DisTensorFlowTests' --filter-class '*GpuStepTests' 2>&1 | tail -40
    cd "$here" || exit 1
  fi

  echo "all after $(($(date +%s) - started)) s" >&2
}

case "$command" in
  pack) pack ;;
  run) run "${3:-}" ;;
  *) sed -n '2,9p' "$0"; exit 1 ;;
esac
