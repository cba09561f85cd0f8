"""No reader: writes to all of the memory, as every reader has to, and that is all."""

from readers import Job


class Reader:
    def __init__(self, job: Job):
        self.buffers = job.buffers()

    def load(self, number: int):
        for buffer in self.buffers.values():
            buffer.fill(number)
        return self.buffers
