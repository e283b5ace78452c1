#!/usr/bin/env python3
"""How many instructions a kernel costs an NVIDIA GPU that is not there.

    instructions.py [--case NAME] [--clang CLANG] [--library BC] [--ptxas PTXAS] [--architecture sm_90]
    instructions.py --table [--amd-library BC]      writes the table of docs/gpu.md anew

Each line of instructions.txt is a kernel. It must have no integer division, no private memory and no other loops than
its line says, nor more instructions per result and registers, nor a stack on sm_75 and sm_80. A kernel without a loop
runs through its text at most once; what stands in loops counts as often as they go round, which the line says of each,
by where they begin, and no compiler may unroll them unless the kernel asks for it. Of a work-group that goes from
barrier to barrier, the line may say which part of its warps has something to do in each stretch: what the others skip
does not count. Instructions are those that ptxas makes of what clang makes of the kernel; NVIDIA's own compiler is
another, but not much. Without ptxas only the first three are looked for, in the PTX of clang.

The share is of what an H100 can issue in the time in which it copies as many bytes as the result cannot do without:
132 processors issue 4 * 32 instructions at 1.755 GHz, 3.1 TB/s come and go: 9.5 instructions a byte. An MI210 in its:
104 processors issue 64 at 1.7 GHz, 1.5 TB/s: 7.5 instructions a byte, of which only those for vectors count. A kernel
is predicted to reach 43 % of a copy at a share of 100 %, and in proportion, but never more than 95 %.
"""
import argparse
import pathlib
import re
import struct
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
OPENCL = HERE.parent / "opencl"
ISSUED_PER_BYTE = 9.5
AMD_ISSUED_PER_BYTE = 7.5
SPEED_AT_FULL_SHARE, BEST_SPEED = 0.43, 0.95
BEGIN, END = "<!-- table: native-tests/instructions.py --table -->", "<!-- end of the table -->"
FIELDS = 10
OTHER_ARCHITECTURES = ["sm_75", "sm_80"]
# Loops are unrolled as a whole or not at all.
WHOLE_UNROLLING = ["-mllvm", "-unroll-runtime=false", "-mllvm", "-unroll-allow-partial=false"]
VECTOR_INSTRUCTION = re.compile(r"^\t(?:v_|ds_|global_|buffer_|flat_)", re.MULTILINE)
NOP, BRANCH, BARRIER, OPCODE = 0x118, 0x147, 0x11D, 0x1FF


def run(*command):
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        sys.exit(" ".join(map(str, command)) + "\n" + done.stdout + done.stderr)
    return done.stdout + done.stderr


def cases():
    for line in (HERE / "instructions.txt").read_text().splitlines():
        if line and not line.startswith("#"):
            fields = [field.strip() for field in line.split(";")]
            yield fields + [""] * (FIELDS - len(fields))


def ptx_of(kernel, reduction, macros, tools, folder):
    """Compiles a kernel file; the PTX of its kernel, which has the same name."""
    ptx = folder / "kernel.ptx"
    reductions = [f'-DREDUCTION="reductions/{reduction}.clh"'] if reduction else []
    file, _, name = kernel.rpartition("/")
    run(tools.clang, "-x", "cl", "-cl-std=CL1.2", "-target", "nvptx64-nvidia-nvcl", "-w", "-Wno-linker-warnings",
        "-O3", *WHOLE_UNROLLING, "-S", f"-I{OPENCL}", "-Xclang", "-mlink-builtin-bitcode", "-Xclang", tools.library,
        "-o", ptx,
        *reductions, *(f"-D{macro}" for macro in macros.split()), OPENCL / f"{file or name}.cl")
    text = ptx.read_text()
    # Behind all labels, since ptxas may take another one for a loop's head than that which a branch goes back to.
    text = re.sub(r"\n(\$L\w+):", r'\n\1:\n.pragma "nounroll";', text)
    ptx.write_text(text)
    return ptx, text.split(f".entry {name}(")[1].split("\n}")[0]


def loops_of(ptx):
    """The labels that branches go back to."""
    return {branch[1] for branch in re.finditer(r"\bbra(?:\.uni)?\s+(\S+);", ptx)
            if f"\n{branch[1]}:" in ptx[: branch.start()]}


def faults_of(ptx, trips):
    """What no kernel may have."""
    if ".local" in ptx:
        yield "private memory"
    if re.search(r"\b(?:div|rem)\.[su](?:32|64)", ptx):
        yield "an integer division"
    if not trips and loops_of(ptx):
        yield "a loop"


def instructions_of(cubin, kernel, trips, warps):
    """The instructions of a kernel in an ELF file, each as often as its loops go round and by as many of its
    warps; the numbers of loops and of stretches between barriers."""
    elf = cubin.read_bytes()
    (headers,) = struct.unpack_from("<Q", elf, 40)
    size, count, names = struct.unpack_from("<HHH", elf, 58)
    sections = [struct.unpack_from("<IIQQQQIIQQ", elf, headers + i * size) for i in range(count)]

    def name(table, offset):
        return elf[sections[table][4] + offset:].split(b"\0", 1)[0].decode()

    text = next(i for i, section in enumerate(sections) if name(names, section[0]) == f".text.{kernel}")
    start, end = sections[text][4], sections[text][5]
    # Slow paths of divisions and roots lie behind the kernel.
    symbols = next(section for section in sections if section[1] == 2)
    for at in range(symbols[4], symbols[4] + symbols[5], 24):
        word, _, _, section, value, _ = struct.unpack_from("<IBBHQQ", elf, at)
        if section == text and name(symbols[6], word).startswith("$__internal"):
            end = min(end, value)
    words = list(struct.iter_unpack("<QQ", elf[start:start + end]))
    while words and words[-1][0] & OPCODE == NOP:
        words.pop()
    if words and words[-1][0] & OPCODE == BRANCH:  # a branch to itself
        words.pop()
    loops = {}
    for at, (low, high) in enumerate(words):
        back = steps_back(low, high) if low & OPCODE == BRANCH else 0
        if back > 0:
            loops[at + 1 - back] = at
    rounds = [1.0] * len(words)
    for (first, last), trip in zip(sorted(loops.items()), trips):
        for at in range(first, last + 1):
            rounds[at] *= trip
    stretch = 0
    for at, (low, _) in enumerate(words):
        rounds[at] *= warps[stretch] if stretch < len(warps) else 1
        stretch += low & OPCODE == BARRIER
    return sum(times for (low, _), times in zip(words, rounds) if low & OPCODE != NOP), len(loops), stretch + 1


def steps_back(low, high):
    """How many instructions a branch goes back from the one behind it, sm_90 and later."""
    offset = (low >> 34 | (high & 0x3FFFF) << 30) << 8 | low >> 16 & 0xFF
    return ((1 << 56) - offset) // 4 if offset >> 55 else 0


def cost(case, tools):
    """Instructions a result, registers, and the faults found; no numbers without ptxas."""
    name, kernel, reduction, macros, results, bytes_, most, most_registers, rounds, shares = case
    trips = [float(trip) for trip in rounds.split()]
    warps = [float(part) for part in shares.split()]
    with tempfile.TemporaryDirectory() as folder:
        path, ptx = ptx_of(kernel, reduction, macros, tools, pathlib.Path(folder))
        faults = list(faults_of(ptx, trips))
        if not tools.ptxas:
            return None, None, faults
        cubin = pathlib.Path(folder) / "kernel.cubin"
        function = kernel.rpartition("/")[2]
        log = run(tools.ptxas, "-v", f"-arch={tools.architecture}", "-e", function, path, "-o", cubin)
        for architecture in OTHER_ARCHITECTURES:
            other = run(tools.ptxas, "-v", f"-arch={architecture}", "-e", function, path, "-o", "/dev/null")
            if not re.search(r"\b0 bytes stack", other):
                faults.append(f"a stack on {architecture}")
        count, loops, stretches = instructions_of(cubin, function, trips, warps)
        each = count / float(results)
    if loops != len(trips):
        faults.append(f"{loops} loops, not {len(trips)}")
    if warps and stretches != len(warps):
        faults.append(f"{stretches} stretches between barriers, not {len(warps)}")
    registers = int(re.search(r"Used (\d+) registers", log)[1])
    if int(re.search(r"(\d+) bytes stack", log)[1]) > 0:
        faults.append("a stack")
    if each > float(most):
        faults.append(f"more than {most} instructions a result")
    if registers > int(most_registers):
        faults.append(f"more than {most_registers} registers")
    return each, registers, faults


def share(each, case, issued_per_byte=ISSUED_PER_BYTE):
    """Of what can be issued in the time of a copy."""
    return each / (issued_per_byte * float(case[5]))


def check(case, tools):
    """Prints what a case costs; the faults found."""
    each, registers, faults = cost(case, tools)
    if each is None:
        print(f"{case[0]}: no ptxas here, so instructions and registers are not counted")
    else:
        print(f"{case[0]:32} {each:7.2f} instructions a result, {share(each, case):4.0%} of a copy's, "
              f"{registers:3} registers")
    return faults


def amd_cost(case, tools):
    """Instructions for vectors a result, of gfx90a; none where there are loops."""
    _, kernel, reduction, macros, results, _, _, _, rounds, _ = case
    if rounds:
        return None
    file, _, name = kernel.rpartition("/")
    reductions = [f'-DREDUCTION="reductions/{reduction}.clh"'] if reduction else []
    with tempfile.TemporaryDirectory() as folder:
        assembly = pathlib.Path(folder) / "kernel.s"
        run(tools.clang, "-x", "cl", "-cl-std=CL1.2", "-target", "amdgcn-amd-amdhsa", "-mcpu=gfx90a", "-nogpulib", "-w",
            "-O3", *WHOLE_UNROLLING, "-S", f"-I{OPENCL}", "-Xclang", "-mlink-builtin-bitcode", "-Xclang",
            tools.amd_library, "-o",
            assembly, *reductions, *(f"-D{macro}" for macro in macros.split()), OPENCL / f"{file or name}.cl")
        body = assembly.read_text().split(f"\n{name}:")[1].split(".Lfunc_end")[0]
    # The usual path is the longest one to an end of the kernel.
    return max(len(VECTOR_INSTRUCTION.findall(path)) for path in body.split("s_endpgm")) / float(results)


def table(tools):
    """Writes what is predicted of GPUs into docs/gpu.md."""
    rows = ["| case | kernel | instructions a result | registers | share, H100 | share, MI210 | of a copy, H100 |",
            "|---|---|---|---|---|---|---|"]
    for case in cases():
        each, registers, _ = cost(case, tools)
        speed = min(BEST_SPEED, SPEED_AT_FULL_SHARE / share(each, case))
        amd = amd_cost(case, tools)
        amd = "" if amd is None else f"{share(amd, case, AMD_ISSUED_PER_BYTE):.0%}"
        name = case[1].rpartition("/")[2]
        rows.append(f"| {case[0]} | `{name}` | {each:,.0f} | {registers} | {share(each, case):,.0%} "
                    f"| {amd} | {speed:.{1 if speed < 0.1 else 0}%} |")
    page = HERE.parent / "docs" / "gpu.md"
    before, rest = page.read_text().split(BEGIN)
    page.write_text(before + BEGIN + "\n" + "\n".join(rows) + "\n" + END + rest.split(END)[1])


def parser_of_tools():
    """What names a case, compilers and libraries."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--case", help="default: all")
    parser.add_argument("--clang", default="clang-15")
    parser.add_argument("--library", default="/usr/lib/clc/nvptx64--nvidiacl.bc", help="libclc's for NVIDIA")
    parser.add_argument("--ptxas", default="ptxas", help="empty: there is none")
    parser.add_argument("--amd-library", default="/usr/lib/clc/amdgcn--amdhsa.bc", help="libclc's for AMD")
    return parser


def main():
    parser = parser_of_tools()
    parser.add_argument("--architecture", default="sm_90")
    parser.add_argument("--table", action="store_true", help="write the table of docs/gpu.md")
    tools = parser.parse_args()
    if tools.table:
        table(tools)
        return
    chosen = [case for case in cases() if tools.case in (None, case[0])]
    if not chosen:
        sys.exit(f"no case {tools.case} in instructions.txt")
    failed = False
    for case in chosen:
        for fault in check(case, tools):
            print(f"{case[0]}: {fault}")
            failed = True
    sys.exit(failed)


if __name__ == "__main__":
    main()
