"""The simulator's loops as a PyTorch programmer writes them: all chains side by side on one thread, without autograd."""

import torch

from line_protocol import CHECK_CHAINS, serve

# numbers drawn at once, so that the call is paid once for many steps
DRAWN_AT_ONCE = 65536


class RegressionRunner:
    """Mini-batch SGD with momentum, with replacement. States are [chain, output, mode]."""

    def __init__(self, case, chains):
        self.case = case
        self.chains = chains
        self.features = torch.from_numpy(case.features)
        self.residuals = torch.from_numpy(case.residuals)
        self.pull = torch.from_numpy(case.pull)
        self.position = torch.from_numpy(case.position).repeat(chains, 1, 1)
        self.velocity = torch.from_numpy(case.velocity).repeat(chains, 1, 1)

    def step(self, indices):  # [chain · batch]
        case = self.case
        rows = self.features.index_select(0, indices).view(self.chains, case.batch_size, case.mode_count)
        residuals = self.residuals.index_select(0, indices).view(self.chains, case.batch_size, case.output_count)
        if case.output_count == 1:
            # products of single vectors: plain sums are two to four times faster than bmm
            errors = (rows * self.position).sum(-1, keepdim=True).add_(residuals)
            gradient = (rows * errors).sum(1, keepdim=True)
        else:
            errors = torch.baddbmm(residuals, rows, self.position.transpose(1, 2))
            gradient = torch.bmm(errors.transpose(1, 2), rows)
        self.velocity.mul_(case.momentum).sub_(gradient, alpha=1 / case.batch_size)
        self.velocity.sub_(self.position, alpha=case.decay).sub_(self.pull)
        self.position.add_(self.velocity, alpha=case.rate)

    def run(self, steps):
        case = self.case
        most = max(1, DRAWN_AT_ONCE // (self.chains * case.batch_size))
        with torch.inference_mode():
            while steps > 0:
                count = min(steps, most)
                for indices in torch.randint(case.example_count, (count, self.chains * case.batch_size)):
                    self.step(indices)
                steps -= count

    def check(self):
        indices = torch.from_numpy(self.case.indices)
        chain = torch.arange(self.chains) % CHECK_CHAINS
        with torch.inference_mode():
            for step in range(self.case.check_steps):
                self.step(indices[chain, step].view(-1))
        return torch.stack([self.position, self.velocity], dim=1).numpy()


class ModesRunner:
    """The recursion of each mode under Gaussian noise. States are [chain, mode]."""

    def __init__(self, case, chains):
        self.case = case
        self.chains = chains
        self.slopes = torch.from_numpy(case.slopes)
        self.scales = torch.from_numpy(case.scales)
        self.position = torch.from_numpy(case.position).repeat(chains, 1)
        self.velocity = torch.from_numpy(case.velocity).repeat(chains, 1)
        self.normals = torch.empty_like(self.position)

    def step(self, normals):  # [chain, mode]
        self.velocity.mul_(self.case.momentum)
        self.velocity.addcmul_(self.position, self.slopes, value=-1).addcmul_(normals, self.scales, value=-1)
        self.position.add_(self.velocity, alpha=self.case.rate)

    def run(self, steps):
        with torch.inference_mode():
            for _ in range(steps):
                self.step(self.normals.normal_())

    def check(self):
        normals = torch.from_numpy(self.case.normals)
        chain = torch.arange(self.chains) % CHECK_CHAINS
        with torch.inference_mode():
            for step in range(self.case.check_steps):
                self.step(normals[chain, step])
        return torch.stack([self.position, self.velocity], dim=1).numpy()


if __name__ == "__main__":
    torch.set_num_threads(1)
    torch.manual_seed(1)
    runners = {"regression": RegressionRunner, "modes": ModesRunner}
    serve(lambda case, chains: runners[case.kind](case, chains))
