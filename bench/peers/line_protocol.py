"""What the Python peers have in common: case files, and requests answered line by line.

    load NAME PATH           ok                   (a case of the same name is forgotten)
    check NAME CHAINS        values V V V ...     (state after the check's steps, fed with the file's own random draws)
    time NAME CHAINS STEPS   nanoseconds N        (STEPS steps of CHAINS chains side by side)

or `error MESSAGE`. A case file is a line of text with kind and sizes, then raw arrays, little-endian: see case-file.ts.
"""

import sys
import time

import numpy as np

CHECK_CHAINS = 2


class RegressionCase:
    """Features [example, mode], residuals [example, output], pull and start [output, mode], indices [chain, step, batch]."""

    kind = "regression"

    def __init__(self, header, file):
        sizes = [int(word) for word in header[:5]]
        self.example_count, self.mode_count, self.output_count, self.batch_size, self.check_steps = sizes
        self.rate, self.momentum, self.decay = (float(word) for word in header[5:8])
        n, d, o, s = sizes[:4]
        np.fromfile(file, "<u4", 4 * CHECK_CHAINS)  # streams: for peers that share the generator
        self.features = np.fromfile(file, "<f8", n * d).reshape(n, d)
        self.residuals = np.fromfile(file, "<f8", n * o).reshape(n, o)
        self.pull = np.fromfile(file, "<f8", o * d).reshape(o, d)
        self.position, self.velocity = np.fromfile(file, "<f8", 2 * o * d).reshape(2, o, d)
        draws = np.fromfile(file, "<i4", CHECK_CHAINS * self.check_steps * s)
        self.indices = draws.reshape(CHECK_CHAINS, self.check_steps, s).astype(np.int64)


class ModesCase:
    """Slopes, scales and start [mode], normals [chain, step, mode]."""

    kind = "modes"

    def __init__(self, header, file):
        self.mode_count, self.check_steps = (int(word) for word in header[:2])
        self.rate, self.momentum = (float(word) for word in header[2:4])
        d = self.mode_count
        np.fromfile(file, "<u4", 4 * CHECK_CHAINS)
        self.slopes = np.fromfile(file, "<f8", d)
        self.scales = np.fromfile(file, "<f8", d)
        self.position, self.velocity = np.fromfile(file, "<f8", 2 * d).reshape(2, d)
        self.normals = np.fromfile(file, "<f8", CHECK_CHAINS * self.check_steps * d).reshape(CHECK_CHAINS, self.check_steps, d)


def read_case(path, kinds):
    with open(path, "rb") as file:
        header = file.readline().decode("ascii").split()
        for case in kinds:
            if header and header[0] == case.kind:
                return case(header[1:], file)
    raise ValueError("no such kind of case for this peer")


def serve(runner_of, kinds=(RegressionCase, ModesCase)):
    """Answers requests until stdin ends. `runner_of(case, chains)` has `check()`, giving an array [chain, ...] of states, and `run(steps)`."""
    cases = {}
    runners = {}

    def runner(name, chains):
        key = (name, chains > 1)  # one of a single chain and one of many are kept
        if key not in runners or runners[key][0] != chains:
            runners.pop(key, None)
            runners[key] = (chains, runner_of(cases[name], chains))
        return runners[key][1]

    def answer(words):
        verb, name = words[:2]
        if verb == "load":
            for many in (False, True):
                runners.pop((name, many), None)
            cases.pop(name, None)
            cases[name] = read_case(words[2], kinds)
            return "ok"
        if verb == "check":
            state = runner_of(cases[name], int(words[2])).check()
            shown = np.asarray(state)[:CHECK_CHAINS].ravel()
            return "values " + " ".join(repr(float(value)) for value in shown)
        if verb == "time":
            timed = runner(name, int(words[2]))
            start = time.perf_counter_ns()
            timed.run(int(words[3]))
            return f"nanoseconds {time.perf_counter_ns() - start}"
        raise ValueError("no such request")

    for line in sys.stdin:
        try:
            reply = answer(line.rstrip("\n").split(" ", 2) if line.startswith("load ") else line.split())
        except Exception as error:  # the bench is told, and decides
            reply = "error " + f"{type(error).__name__}: {error}".replace("\n", " ")
        print(reply, flush=True)
