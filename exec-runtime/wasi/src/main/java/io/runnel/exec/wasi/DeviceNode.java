package io.runnel.exec.wasi;

import io.runnel.exec.task.DeviceName;

/** A device of the host, under its name. */
record DeviceNode(long number, DeviceName name) implements Node {
    @Override
    public FileKind kind() {
        return FileKind.CHARACTER;
    }

    @Override
    public FileStatus status() {
        return FileStatus.ofDevice(number, FileKind.CHARACTER);
    }
}
