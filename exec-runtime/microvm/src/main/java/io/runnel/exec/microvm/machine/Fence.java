package io.runnel.exec.microvm.machine;

/** What keeps a QEMU that its guest has taken over from the rest of the machine. */
public enum Fence {
    /** A user and group that no other process has. */
    UID("uid"),

    /** A tree of files with nothing but what QEMU needs, in a mount namespace of its own. */
    ROOT("root"),

    /** No other process can be seen or signalled. */
    PROCESSES("pid-namespace"),

    /** No network but the sockets that we gave. */
    NETWORK("network-namespace"),

    /** No shared memory or queues of others. */
    IPC("ipc-namespace"),

    /** No capability, and none to be had by any program. */
    CAPABILITIES("capabilities"),

    /** No program run by it gets more rights. */
    NO_NEW_PRIVILEGES("no-new-privileges"),

    /** QEMU's own filter of system calls: no new process, no other user, no obsolete calls. */
    SYSTEM_CALLS("seccomp"),

    /** No core dumps, few descriptors, no growing files. */
    LIMITS("rlimits"),

    /** Memory of guest and QEMU together. */
    CGROUP_MEMORY("cgroup-memory"),

    /** One processor's time at most, and its weight. */
    CGROUP_CPU("cgroup-cpu"),

    /** Threads and processes. */
    CGROUP_PIDS("cgroup-pids"),

    /** Bytes a second from and to the disk. */
    CGROUP_IO("cgroup-io"),

    /** The memory of a snapshot cannot be written by the machines that began with it. */
    TEMPLATE("template");

    private final String word;

    Fence(String word) {
        this.word = word;
    }

    /** As policies and documents of identity spell it. */
    public String word() {
        return word;
    }
}
