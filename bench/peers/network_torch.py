"""Training steps and Hessian-vector products of small networks as a PyTorch programmer writes them, float32 on one thread."""

import numpy as np
import torch
import torch.nn.functional as F

from line_protocol import serve


class NetworkCase:
    """Examples [batch, example, ...], labels [batch, example], start parameters and a direction in the parameters' order."""

    kind = "network"

    def __init__(self, header, file):
        self.work, self.family = header[:2]
        count, size, self.class_count, self.check_steps = (int(word) for word in header[2:6])
        self.rate, self.momentum, self.decay = (float(word) for word in header[6:9])
        self.shapes = [tuple(int(n) for n in word.split("x")) for word in header[9:]]
        shape = (784,) if self.family == "mlp" else (32, 32, 3)
        examples = np.fromfile(file, "<f8", count * size * int(np.prod(shape))).reshape(count, size, *shape)
        labels = np.fromfile(file, "<i4", count * size).reshape(count, size)
        self.start = [torch.tensor(np.fromfile(file, "<f8", int(np.prod(s))).reshape(s), dtype=torch.float32) for s in self.shapes]
        self.direction = [torch.tensor(np.fromfile(file, "<f8", int(np.prod(s))).reshape(s), dtype=torch.float32) for s in self.shapes]
        if self.family == "cnn":
            examples = examples.transpose(0, 1, 4, 2, 3)
        self.examples = torch.tensor(np.ascontiguousarray(examples), dtype=torch.float32)
        self.labels = torch.tensor(labels.astype(np.int64))

    def loss(self, p, x, labels):
        if self.family == "mlp":
            out = F.linear(F.relu(F.linear(x, p[0], p[1])), p[2], p[3])
        else:
            for w, b in ((p[0], p[1]), (p[2], p[3])):
                x = F.max_pool2d(F.relu(F.conv2d(x, w, b, padding=1)), 2)
            out = F.linear(x.flatten(1), p[4], p[5])
        return F.cross_entropy(out, labels)


class StepRunner:
    """torch.optim.SGD's momentum is theory's with v of the other sign."""

    def __init__(self, case):
        self.case = case
        self.parameters = [values.clone().requires_grad_() for values in case.start]
        self.optimizer = torch.optim.SGD(self.parameters, lr=case.rate, momentum=case.momentum, weight_decay=case.decay)
        self.done = 0

    def run(self, steps):
        case = self.case
        for _ in range(steps):
            at = self.done % len(case.labels)
            self.done += 1
            self.optimizer.zero_grad(set_to_none=True)
            case.loss(self.parameters, case.examples[at], case.labels[at]).backward()
            self.optimizer.step()

    def check(self):
        self.run(self.case.check_steps)
        moved = [(now.detach() - then).numpy().ravel() for now, then in zip(self.parameters, self.case.start)]
        velocity = [-self.optimizer.state[p]["momentum_buffer"].numpy().ravel() for p in self.parameters]
        return np.concatenate(moved + velocity)[None]


class ProductRunner:
    def __init__(self, case):
        self.case = case
        self.parameters = [values.clone().requires_grad_() for values in case.start]

    def product(self):
        case = self.case
        loss = case.loss(self.parameters, case.examples[0], case.labels[0])
        gradient = torch.autograd.grad(loss, self.parameters, create_graph=True)
        slope = sum((g * d).sum() for g, d in zip(gradient, case.direction))
        return torch.autograd.grad(slope, self.parameters)

    def run(self, steps):
        for _ in range(steps):
            self.product()

    def check(self):
        return np.concatenate([values.numpy().ravel() for values in self.product()])[None]


if __name__ == "__main__":
    torch.set_num_threads(1)
    runners = {"step": StepRunner, "product": ProductRunner}
    serve(lambda case, chains: runners[case.work](case), (NetworkCase,))
