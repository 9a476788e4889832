"""The simulator's loops as a NumPy programmer writes them: all chains side by side, arrays filled in place."""

import numpy as np

from line_protocol import CHECK_CHAINS, serve

# numbers drawn at once, so that the call is paid once for many steps
DRAWN_AT_ONCE = 65536


class RegressionRunner:
    """Mini-batch SGD with momentum, with replacement. States are [chain, output, mode]."""

    def __init__(self, case, chains):
        self.case = case
        self.chains = chains
        self.position = np.repeat(case.position[None], chains, axis=0)
        self.velocity = np.repeat(case.velocity[None], chains, axis=0)
        self.rows = np.empty((chains, case.batch_size, case.mode_count))
        self.errors = np.empty((chains, case.output_count, case.batch_size))
        self.residuals = np.empty((chains, case.batch_size, case.output_count))
        self.gradient = np.empty_like(self.position)
        self.scratch = np.empty_like(self.position)
        self.random = np.random.default_rng(1)

    def step(self, indices):  # [chain, batch]
        case, rows, errors, gradient, scratch = self.case, self.rows, self.errors, self.gradient, self.scratch
        # mode='clip' lets take write to its output without a copy in between
        np.take(case.features, indices, axis=0, out=rows, mode="clip")
        np.take(case.residuals, indices, axis=0, out=self.residuals, mode="clip")
        np.matmul(self.position, rows.transpose(0, 2, 1), out=errors)
        errors += self.residuals.transpose(0, 2, 1)
        np.matmul(errors, rows, out=gradient)
        gradient *= 1 / case.batch_size
        np.multiply(self.position, case.decay, out=scratch)
        gradient += scratch
        gradient += case.pull
        self.velocity *= case.momentum
        self.velocity -= gradient
        np.multiply(self.velocity, case.rate, out=scratch)
        self.position += scratch

    def run(self, steps):
        case = self.case
        most = max(1, DRAWN_AT_ONCE // (self.chains * case.batch_size))
        while steps > 0:
            count = min(steps, most)
            for indices in self.random.integers(0, case.example_count, (count, self.chains, case.batch_size)):
                self.step(indices)
            steps -= count

    def check(self):
        chain = np.arange(self.chains) % CHECK_CHAINS
        for step in range(self.case.check_steps):
            self.step(self.case.indices[chain, step])
        return np.stack([self.position, self.velocity], axis=1)


class ModesRunner:
    """The recursion of each mode under Gaussian noise. States are [chain, mode]."""

    def __init__(self, case, chains):
        self.case = case
        self.chains = chains
        self.position = np.repeat(case.position[None], chains, axis=0)
        self.velocity = np.repeat(case.velocity[None], chains, axis=0)
        self.normals = np.empty_like(self.position)
        self.scratch = np.empty_like(self.position)
        self.random = np.random.default_rng(1)

    def step(self, normals):  # [chain, mode], destroyed
        case, scratch = self.case, self.scratch
        np.multiply(self.position, case.slopes, out=scratch)
        normals *= case.scales
        scratch += normals
        self.velocity *= case.momentum
        self.velocity -= scratch
        np.multiply(self.velocity, case.rate, out=scratch)
        self.position += scratch

    def run(self, steps):
        for _ in range(steps):
            self.random.standard_normal(out=self.normals)
            self.step(self.normals)

    def check(self):
        chain = np.arange(self.chains) % CHECK_CHAINS
        for step in range(self.case.check_steps):
            self.step(self.case.normals[chain, step])
        return np.stack([self.position, self.velocity], axis=1)


if __name__ == "__main__":
    runners = {"regression": RegressionRunner, "modes": ModesRunner}
    serve(lambda case, chains: runners[case.kind](case, chains))
