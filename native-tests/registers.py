#!/usr/bin/env python3
"""Whether the kernels of instructions.txt keep everything in registers on other GPUs, too.

    registers.py [--case NAME] [--clang CLANG] [--library BC] [--ptxas PTXAS] [--amd-library BC]

Each line is compiled for one of PROCESSORS, which take turns. It must have no stack, or scratch memory, and on those of
NVIDIA, if ptxas is there, no more registers than 64 or, if that is more, than the line says.
"""
import pathlib
import re
import subprocess
import sys
import tempfile

import instructions

PROCESSORS = ("gfx90a", "sm_80", "gfx1030", "sm_75", "gfx1100", "gfx942")
MOST_REGISTERS = 64


def on_nvidia(case, processor, tools, folder):
    """Registers and bytes of stack."""
    kernel = case[1].rpartition("/")[2]
    ptx, _ = instructions.ptx_of(case[1], case[2], case[3], tools, folder)
    log = instructions.run(tools.ptxas, "-v", f"-arch={processor}", "-e", kernel, ptx, "-o", folder / "kernel.cubin")
    return int(re.search(r"Used (\d+) registers", log)[1]), int(re.search(r"(\d+) bytes stack", log)[1])


def on_amd(case, processor, tools, folder):
    """Registers for vectors and bytes of scratch memory."""
    _, kernel, reduction, macros, *_ = case
    file, _, name = kernel.rpartition("/")
    reductions = [f'-DREDUCTION="reductions/{reduction}.clh"'] if reduction else []
    assembly = folder / "kernel.s"
    instructions.run(tools.clang, "-x", "cl", "-cl-std=CL1.2", "-target", "amdgcn-amd-amdhsa", f"-mcpu={processor}",
                     "-nogpulib", "-w", "-O3", "-S", f"-I{instructions.OPENCL}", "-Xclang", "-mlink-builtin-bitcode",
                     "-Xclang", tools.amd_library, "-o", assembly, *reductions,
                     *(f"-D{macro}" for macro in macros.split()), instructions.OPENCL / f"{file or name}.cl")
    of_kernel = assembly.read_text().split(f"\n{name}:")[1]
    return tuple(int(re.search(rf"; {word}: (\d+)", of_kernel)[1]) for word in ("NumVgprs", "ScratchSize"))


def lack(processor, tools):
    """Why nothing can be compiled for a processor, or None."""
    if processor.startswith("sm_"):
        return None if tools.ptxas else "no ptxas here"
    if not pathlib.Path(tools.amd_library).is_file():
        return "no libclc for AMD here"
    known = subprocess.run([tools.clang, "-target", "amdgcn-amd-amdhsa", f"-mcpu={processor}", "-x", "cl", "-nogpulib",
                            "-fsyntax-only", "/dev/null"], capture_output=True)
    return f"{tools.clang} does not know it" if known.returncode else None


def faults(case, processor, tools):
    """Prints what a kernel takes of a processor; the faults found."""
    reason = lack(processor, tools)
    if reason:
        print(f"{case[0]}: not compiled for {processor}: {reason}")
        return []
    is_amd = processor.startswith("gfx")
    with tempfile.TemporaryDirectory() as folder:
        registers, memory = (on_amd if is_amd else on_nvidia)(case, processor, tools, pathlib.Path(folder))
    print(f"{case[0]:38} {processor}: {registers} registers, {memory} bytes of memory for more")
    found = [f"{memory} bytes of memory for registers"] if memory else []
    if not is_amd and registers > max(MOST_REGISTERS, int(case[7])):
        found.append("too many registers")
    return [f"{case[0]} on {processor}: {fault}" for fault in found]


def main():
    tools = instructions.parser_of_tools().parse_args()
    found = [
        fault
        for number, case in enumerate(instructions.cases())
        if tools.case in (None, case[0])
        for fault in faults(case, PROCESSORS[number % len(PROCESSORS)], tools)
    ]
    sys.exit("\n".join(found) if found else 0)


if __name__ == "__main__":
    main()
