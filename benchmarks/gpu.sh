#!/usr/bin/env bash
# All GPU figures of this project on a machine that has a card and Python's PyTorch, but neither .NET nor a network.
#
#   benchmarks/gpu.sh pack [FOLDER]           here: builds what such a machine needs into FOLDER (default .gpu), three packed files
#   benchmarks/gpu.sh run [FOLDER]            there: unpacks it, runs the tables, HuggingFace's VideoMAE beside them, and the tests; Markdown on stdout
#   benchmarks/gpu.sh run FOLDER --small      the same in small on a CPU, to try the script; LD_LIBRARY_PATH then names the folder of a libtorch
#
# PARTS="pretraining scoring" runs these tables alone; TESTS=0 leaves the tests out; PROFILE="finetuning card" adds where the time of these steps goes, kernel by kernel (gpu_profile.py).
# GOLDEN="optim pretrain finetune checkpoints" names the folders of golden figures that pack takes along; golden tests without theirs are skipped there.
set -uo pipefail
scripts="$(cd "$(dirname "$0")" && pwd)"
command="${1:-}"
folder="$(realpath -m "${2:-$scripts/../.gpu}")"
cd "$scripts/.."

# What rarely changes is packed once and kept, each in a file of its own; remove a file to have it packed again.
# Parts of the runtime that nothing here touches, and their names in its list of files: 8 MB less to travel (FsCheck would need some, so properties are not run there).
slim_dotnet() {
  (
    cd "$work"/dotnet/shared/Microsoft.NETCore.App/* || exit 1
    rm -f System.Private.DataContractSerialization.dll System.Data.Common.dll System.Net.Http.dll System.Net.Http.Json.dll System.Linq.AsyncEnumerable.dll System.Net.Mail.dll System.Net.HttpListener.dll \
      System.Net.Quic.dll System.Net.Requests.dll System.Net.WebClient.dll System.Net.WebSockets.Client.dll System.Transactions.Local.dll System.Formats.Tar.dll Microsoft.CSharp.dll \
      System.Text.Encoding.CodePages.dll System.Threading.Tasks.Dataflow.dll System.Private.Xml.dll libcoreclrtraceptprovider.so
    python3 - << 'PYTHON'
import json, os

name = "Microsoft.NETCore.App.deps.json"
listed = json.load(open(name))
for target in listed["targets"].values():
    for library in target.values():
        for kind in ("runtime", "native"):
            if kind in library:
                library[kind] = {file: facts for file, facts in library[kind].items() if os.path.exists(os.path.basename(file))}
json.dump(listed, open(name, "w"))
PYTHON
  )
}

pack_dotnet() {
  dotnet="$(dotnet --list-runtimes | sed -n 's/^Microsoft.NETCore.App .*\[\(.*\)\/shared.*/\1/p' | tail -1)"
  mkdir -p "$work/dotnet/shared"
  cp -rL "$dotnet/dotnet" "$dotnet/host" "$work/dotnet/"
  cp -rL "$dotnet/shared/Microsoft.NETCore.App" "$work/dotnet/shared/"
  slim_dotnet
  find "$work/dotnet" \( -name 'libmscordbi.so' -o -name 'libmscordaccore.so' -o -name 'createdump' -o -name 'libclrgc*.so' -o -name 'Microsoft.VisualBasic*' -o -name '*.xml' \) -delete
  tar -C "$work" -cf - dotnet | xz -T2 --x86 --lzma2=preset=6 > "$folder/dotnet.tar.xz.part"
  mv "$folder/dotnet.tar.xz.part" "$folder/dotnet.tar.xz"
}

pack_opencv() {
  cp -L "$bench/runtimes/linux-x64/native/libOpenCvSharpExtern.so" "$work/opencv.so"
  chmod u+w "$work/opencv.so"
  if command -v strip > /dev/null; then strip -s "$work/opencv.so"; fi
  xz -T2 --x86 --lzma2=preset=6 -c "$work/opencv.so" > "$folder/opencv.so.xz.part"
  mv "$folder/opencv.so.xz.part" "$folder/opencv.so.xz"
}

# The programs, all in one folder and without the lists of their native files, which would miss libtorch's: Python's takes the place of ours. Beside them some videos and golden figures.
pack_programs() {
  mkdir -p "$work/programs/app"
  for output in "$tests" "$bench"; do
    cp -L "$output"/*.dll "$output"/*.runtimeconfig.json "$work/programs/app/"
  done
  # Tables of scores and models of others are not measured.
  rm -f "$work"/programs/app/{Parquet,Snappier,ZstdSharp,Apache.Arrow,Microsoft.Data.Analysis,K4os.Compression.LZ4,SkiaSharp}.dll
  cp -L "$bench/runtimes/linux-x64/native/libLibTorchSharp.so" "$work/programs/app/"
  find -L "$bench/" -name libCpuMathNative.so -path '*linux-x64*' -exec cp -L {} "$work/programs/app/" \;
  videos="${MOFO_VIDEOS:-../shared/videos/dev}/fight_surv"
  if [ -d "$videos" ]; then
    mkdir -p "$work/programs/videos/fight_surv"
    for list in train test; do
      # Every third clip: both classes, and a third of the size.
      sed -n 'p;n;n' "$videos/$list.csv" > "$work/programs/videos/fight_surv/$list.csv"
      while read -r clip _; do
        mkdir -p "$work/programs/videos/fight_surv/$(dirname "$clip")"
        cp "$videos/$clip" "$work/programs/videos/fight_surv/$clip"
      done < "$work/programs/videos/fight_surv/$list.csv"
    done
  fi

  golden="${MOFO_GOLDEN:-../shared/golden/dev}"
  for part in ${GOLDEN:-optim}; do
    if [ -e "$golden/$part" ]; then mkdir -p "$work/programs/golden" && cp -r "$golden/$part" "$work/programs/golden/"; fi
  done
  tar -C "$work/programs" -cf - . | xz -6 > "$folder/programs.tar.xz.part"
  mv "$folder/programs.tar.xz.part" "$folder/programs.tar.xz"
}

pack() {
  set -e
  work="$(mktemp -d)"
  trap 'rm -rf "$work"' EXIT
  mkdir -p "$folder"
  bench=benchmarks/Mofo.ML.Benchmarks/bin/Release/net10.0
  tests=tests/Mofo.ML.Trainers.Tests/bin/Release/net10.0
  if [ "${BUILD:-1}" = 1 ]; then
    for project in benchmarks/Mofo.ML.Benchmarks tests/Mofo.ML.Trainers.Tests; do
      dotnet build "$project" -c Release -p:RunAnalyzers=false --nologo -v quiet
    done
  fi

  [ -f "$folder/dotnet.tar.xz" ] || pack_dotnet
  [ -f "$folder/opencv.so.xz" ] || pack_opencv
  pack_programs
  ls -l "$folder"
}

run() {
  small="${1:-}"
  here="$(pwd)"
  work="$(mktemp -d)"
  trap 'rm -rf "$work"' EXIT
  started=$(date +%s)
  mkdir "$work/runtime"
  unpack="import sys, tarfile; tarfile.open(sys.argv[1], 'r:xz').extractall(sys.argv[2], filter='data')"
  python3 -c "$unpack" "$folder/dotnet.tar.xz" "$work/runtime" &
  python3 -c "$unpack" "$folder/programs.tar.xz" "$work" &
  if [ -f "$folder/opencv.so.xz" ]; then
    python3 -c "import lzma, shutil, sys; shutil.copyfileobj(lzma.open(sys.argv[1]), open(sys.argv[2], 'wb'))" "$folder/opencv.so.xz" "$work/opencv.so" &
  fi
  wait
  mv "$work"/runtime/* "$work/dotnet"
  chmod +x "$work/dotnet/dotnet"
  if [ -f "$work/opencv.so" ]; then mv "$work/opencv.so" "$work/app/libOpenCvSharpExtern.so"; fi
  benchmarks=("$work/dotnet/dotnet" "$work/app/Mofo.ML.Benchmarks.dll")
  export DOTNET_ROOT="$work/dotnet" MOFO_VIDEOS="$work/videos" MOFO_GOLDEN="$work/golden" DOTNET_TieredPGO=1 DOTNET_gcServer=0
  size=small
  if [ "$small" != "--small" ]; then
    size=full
    libraries="$(python3 -c 'import os, torch; print(os.path.join(os.path.dirname(torch.__file__), "lib"))')"
    export LD_LIBRARY_PATH="$libraries${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}" MOFO_BENCH_DEVICE=cuda MOFO_TEST_DEVICE=cuda
    echo "## GPU: $(nvidia-smi --query-gpu=name,driver_version,memory.total --format=csv,noheader | head -1), $(nproc) cores, $(python3 -c 'import torch; print("PyTorch", torch.__version__)')"
    if ! "${benchmarks[@]}" gpu-check; then
      # torch's CUDA half registers itself when it is loaded; where nothing asks for it, it is asked for here.
      export MOFO_PRELOAD="$libraries/libtorch_cuda.so"
      LD_PRELOAD="$MOFO_PRELOAD" "${benchmarks[@]}" gpu-check || { echo "torch sees no GPU"; exit 1; }
    fi
  fi

  echo "unpacked and checked after $(($(date +%s) - started)) s" >&2
  # Parts in order of importance, each bounded: a part that hangs must not cost the others.
  ours=(env ${MOFO_PRELOAD:+LD_PRELOAD="$MOFO_PRELOAD"} timeout 170 "${benchmarks[@]}" gpu)
  [ "$size" = small ] && ours+=(small)
  # shellcheck disable=SC2086
  "${ours[@]}" ${PARTS:-pretraining scoring finetuning card}
  echo
  echo "| | batch | type | ms | least - most | clips/s | card memory |"
  echo "|---|---|---|---|---|---|---|"
  timeout 75 python3 "$scripts/huggingface_videomae.py" ${small:+--small} 2>"$work/huggingface.log" || { echo "HuggingFace failed:"; tail -5 "$work/huggingface.log"; }
  echo "figures beside HuggingFace's after $(($(date +%s) - started)) s" >&2
  if [ -z "${PARTS:-}" ]; then
    "${ours[@]}" fusion files agreement
  fi

  for part in ${PROFILE:-}; do
    timeout 60 python3 "$scripts/gpu_profile.py" "$work/dotnet" "$work/app/Mofo.ML.Benchmarks.dll" "$part" "$([ "$size" = small ] && echo small || echo profile)" 2>> "$work/profile.log"
  done

  if [ "${TESTS:-1}" = 1 ]; then
    echo
    echo "### Tests on the device"
    echo
    cd "$work/app" || exit 1
    env ${MOFO_PRELOAD:+LD_PRELOAD="$MOFO_PRELOAD"} timeout 60 "$work/dotnet/dotnet" exec Mofo.ML.Trainers.Tests.dll -noLogo -noColor -class '*ByteClipTests' -class '*CardClipTests' \
      -class '*AdamWTests' -class '*TvL1TensorFlowTests' -class '*ConformanceTests' -class- '*OnnxExport*' -method- '*Any_window_is_cut_alike' 2>&1 | grep -v SKIP | tail -40
    cd "$here" || exit 1
  fi

  echo "all after $(($(date +%s) - started)) s" >&2
}

case "$command" in
  pack) pack ;;
  run) run "${3:-}" ;;
  *) sed -n '2,9p' "$0"; exit 1 ;;
esac
