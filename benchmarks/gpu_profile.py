"""Where a step's time goes on a card: runs one part of the GPU tables inside this process, so that PyTorch's profiler sees its kernels and operations.

python3 gpu_profile.py FOLDER_OF_DOTNET BENCHMARKS.dll PART [PART ...]     parts as in "gpu-part"; without PyTorch it runs the part alone
"""
import collections
import ctypes
import glob
import os
import sys

STEPS = 6  # 4 to warm up and 2 measured, as GpuSizes.Profile says


class Parameters(ctypes.Structure):
    _fields_ = [("size", ctypes.c_size_t), ("host_path", ctypes.c_char_p), ("dotnet_root", ctypes.c_char_p)]


def run_dotnet(root, arguments):
    """The program's Main on this thread. A process can start .NET once."""
    library = ctypes.CDLL(sorted(glob.glob(os.path.join(root, "host", "fxr", "*", "libhostfxr.so")))[-1])
    given = (ctypes.c_char_p * len(arguments))(*[argument.encode() for argument in arguments])
    parameters = Parameters(ctypes.sizeof(Parameters), os.path.join(root, "dotnet").encode(), root.encode())
    handle = ctypes.c_void_p()
    code = library.hostfxr_initialize_for_dotnet_command_line(len(arguments), given, ctypes.byref(parameters), ctypes.byref(handle))
    if code not in (0, 1, 2):
        raise SystemExit(f"hostfxr: {code:#x}")
    return library.hostfxr_run_app(handle)


def report(profile, part):
    from torch.autograd import DeviceType

    events = profile.events()
    kernels = [event for event in events if event.device_type == DeviceType.CUDA]
    if not kernels:
        print(f"\n{part}: no kernels seen")
        return
    times, counts = collections.Counter(), collections.Counter()
    for kernel in kernels:
        times[kernel.name] += kernel.time_range.elapsed_us()
        counts[kernel.name] += 1
    print(f"\n### Kernels of {part}: {sum(times.values()) / STEPS / 1000:.1f} ms of {sum(counts.values()) / STEPS:.0f} kernels a step\n")

    # The last two steps: how long the card had nothing to do.
    spans = sorted((kernel.time_range.start, kernel.time_range.end) for kernel in kernels)
    last = spans[len(spans) * 4 // STEPS :]
    busy, end = 0.0, last[0][0]
    for start, stop in last:
        busy += max(0.0, stop - max(start, end))
        end = max(end, stop)
    print(f"Of {(end - last[0][0]) / 2000:.1f} ms a step the card works {busy / 2000:.1f} ms (slowed by the profiler).\n")
    print("| ms a step | times | kernel |\n|---|---|---|")
    for name, time in times.most_common(28):
        print(f"| {time / STEPS / 1000:.2f} | {counts[name] / STEPS:.0f} | {name[:150].replace('|', ' ')} |")

    host, calls = collections.Counter(), collections.Counter()
    for event in events:
        if event.device_type == DeviceType.CPU:
            host[event.name] += event.self_cpu_time_total
            calls[event.name] += 1
    print(f"\nOn the host: {sum(host.values()) / STEPS / 1000:.1f} ms in {sum(calls.values()) / STEPS:.0f} operations a step (slowed by the profiler).\n")
    print("| ms a step | times | operation |\n|---|---|---|")
    for name, time in host.most_common(32):
        print(f"| {time / STEPS / 1000:.2f} | {calls[name] / STEPS:.0f} | {name[:90].replace('|', ' ')} |")


def main():
    root, program, part = sys.argv[1:4]
    arguments = [program, "gpu-part", part, sys.argv[4] if len(sys.argv) > 4 else "profile"]
    try:
        from torch.profiler import ProfilerActivity, profile
    except ImportError:
        raise SystemExit(run_dotnet(root, arguments))
    with profile(activities=[ProfilerActivity.CPU, ProfilerActivity.CUDA]) as seen:
        code = run_dotnet(root, arguments)
    report(seen, part)
    sys.stdout.flush()
    os._exit(code)


main()
